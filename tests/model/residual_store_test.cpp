// SPDX-License-Identifier: MIT
#include <census/model/detail/residual_store.hpp>

#include <support/catch.hpp>

#include <filesystem>
#include <vector>

namespace {

namespace fs = std::filesystem;
std::vector<std::size_t> const rows{3, 5, 1, 4};

float value(std::size_t text, std::size_t row, std::size_t column, int round) {
  return static_cast<float>(1000 * text + 100 * row + column) + 0.25f * static_cast<float>(round);
}

/// Three rounds over all texts, as three layers: each must find what the one before it left.
void check_three_rounds(census::residual_store& store, std::size_t columns) {
  bool equal = true;
  for (int round = 0; round < 3; ++round)
    for (std::size_t text = 0; text < rows.size(); ++text) {
      auto const matrix = store.take(text).view();
      REQUIRE(matrix.rows == rows[text]);
      REQUIRE(matrix.columns == columns);
      for (std::size_t i = 0; i < matrix.rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
          if (round > 0) equal &= matrix.row(i)[j] == value(text, i, j, round - 1);
          matrix.row(i)[j] = value(text, i, j, round);
        }
      store.put_back(text);
    }
  CHECK(equal);
}

}  // namespace

TEST_CASE("residual streams come back bit for bit, held in memory, in a file, or both") {
  for (std::size_t const columns : {16, 20})
    for (std::uint64_t const texts_held : {0, 1, 2, 4}) {
      std::uint64_t memory = 0;
      for (std::size_t text = 0; text < texts_held; ++text)
        memory += census::residual_store::bytes(rows[text], columns);
      census::residual_store store(rows, columns, memory, fs::temp_directory_path());
      CAPTURE(columns, texts_held);
      check_three_rounds(store, columns);
      store.release(0);
    }
}

TEST_CASE("the file of residual streams leaves no name behind") {
  auto const folder = fs::temp_directory_path() / "census_residual_store_test";
  fs::create_directories(folder);
  census::residual_store store(rows, 16, 0, folder);
  CHECK(fs::is_empty(folder));
  fs::remove(folder);
}

TEST_CASE("a folder in which no file can be made is refused by name, and only when it is needed") {
  fs::path const nowhere = "/nonexistent-folder";
  CHECK_NOTHROW(census::residual_store(rows, 16, 1 << 20, nowhere));
  CHECK_THROWS_WITH(census::residual_store(rows, 16, 0, nowhere),
                    Catch::Contains("/nonexistent-folder: the file of residual streams cannot be made: No such file"));
}
