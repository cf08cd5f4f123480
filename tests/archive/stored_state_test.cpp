// SPDX-License-Identifier: MIT
#include <census/archive/stored_state.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

TEST_CASE("Types of numbers have the names that safetensors files give them") {
  using namespace std::string_view_literals;
  CHECK(census::type_code<std::uint8_t>() == "U8"sv);
  CHECK(census::type_code<std::int16_t>() == "I16"sv);
  CHECK(census::type_code<std::uint32_t>() == "U32"sv);
  CHECK(census::type_code<std::int64_t>() == "I64"sv);
  CHECK(census::type_code<std::uint64_t>() == "U64"sv);
  CHECK(census::type_code<float>() == "F32"sv);
  CHECK(census::type_code<double>() == "F64"sv);
  CHECK(census::type_code<bool>() == "BOOL"sv);
}

TEST_CASE("An array's bytes are those of its pieces, in order") {
  std::vector<std::byte> const first{std::byte{1}, std::byte{2}}, second{std::byte{3}};
  census::state_array array{"U8", 3, {}};
  array.pieces.push_back([&](census::byte_sink const& sink) { sink(first); });
  array.pieces.push_back([&](census::byte_sink const& sink) { sink(second); });
  CHECK(array.bytes() == std::vector<std::byte>{std::byte{1}, std::byte{2}, std::byte{3}});
}
