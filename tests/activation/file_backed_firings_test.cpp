// SPDX-License-Identifier: MIT
#include <census/activation/file_backed_firings.hpp>

#include <support/catch.hpp>

#include <filesystem>
#include <memory>
#include <vector>

TEST_CASE("firings in a file are read back word by word, as they were written, side by side with others") {
  auto const file = std::make_shared<census::firings_file>(std::filesystem::temp_directory_path());
  std::vector<float> values(5 * 130, -1.f);
  for (std::size_t i = 0; i < values.size(); i += 7) values[i] = 1;
  auto const firings = census::pack({values, 130}), all = census::pack({std::vector<float>(3 * 64, 1.f), 64});
  census::file_backed_firings const one(file, firings), other(file, all), copy = one;
  CHECK((copy.rows() == 5 && copy.neurons() == 130 && copy.words_per_row() == 3));
  std::vector<std::uint64_t> column(5), of_other(3);
  for (std::size_t word = 0; word < 3; ++word) {
    copy.read(word, 0, column);
    for (std::size_t row = 0; row < 5; ++row) CHECK(column[row] == firings.row(row)[word]);
    std::vector<std::uint64_t> later(2);
    copy.read(word, 3, later);
    CHECK((later[0] == column[3] && later[1] == column[4]));
  }
  other.read(0, 0, of_other);
  CHECK(of_other == std::vector<std::uint64_t>(3, ~std::uint64_t{0}));
}
