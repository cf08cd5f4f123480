// SPDX-License-Identifier: MIT
#include <census/report/peak_memory.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("the peak of memory holds what was touched, and stays when that is given back") {
  std::size_t const size = census::peak_memory() + (std::size_t{32} << 20);
  std::uint64_t sum = 0;
  {
    std::vector<char> const touched(size, 1);
    for (std::size_t i = 0; i < size; i += 4096) sum += static_cast<std::uint64_t>(touched[i]);
  }
  CHECK(sum == (size + 4095) / 4096);
  CHECK(census::peak_memory() >= size);
}
