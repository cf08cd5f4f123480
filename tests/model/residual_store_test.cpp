// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/state_file.hpp>
#include <census/archive/store.hpp>
#include <census/error.hpp>
#include <census/model/detail/residual_store.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <random>
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
  temporary_folder const folder;
  census::residual_store store(rows, 16, 0, folder.path());
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a folder in which no file can be made is refused by name, and only when it is needed") {
  fs::path const nowhere = "/nonexistent-folder";
  CHECK_NOTHROW(census::residual_store(rows, 16, 1 << 20, nowhere));
  CHECK_THROWS_WITH(census::residual_store(rows, 16, 0, nowhere),
                    Catch::Contains("/nonexistent-folder: the file of residual streams cannot be made: No such file"));
}

namespace {

using snapshots = census::residual_store::with_snapshots;

/// A layer's work on a text: what was there, and how often it was worked on.
void work_on(census::padded_matrix& matrix, std::size_t text, int round) {
  auto const view = matrix.view();
  for (std::size_t i = 0; i < view.rows; ++i)
    for (std::size_t j = 0; j < view.columns; ++j)
      view.row(i)[j] = round == 0 ? value(text, i, j, 0) : view.row(i)[j] + 0.25f;
}

bool is_of_round(census::padded_matrix const& matrix, std::size_t text, int round) {
  auto const view = matrix.view();
  for (std::size_t i = 0; i < view.rows; ++i)
    for (std::size_t j = 0; j < view.columns; ++j)
      if (view.row(i)[j] != value(text, i, j, round)) return false;
  return true;
}

}  // namespace

TEST_CASE(
    "whenever residual streams are stored, also while one is worked on, they are restored as they were put back") {
  std::mt19937 random(3);
  std::size_t const columns = 20;
  for (std::uint64_t const texts_held : {0, 1, 2, 4}) {
    std::uint64_t memory = 0;
    for (std::size_t text = 0; text < texts_held; ++text) memory += census::residual_store::bytes(rows[text], columns);
    temporary_folder const folder;
    census::residual_store store(rows, columns, memory, snapshots{folder.path()});
    std::vector<int> rounds(rows.size(), -1);  // that were put back, by text
    auto const check_snapshot = [&] {
      census::write_state(folder / "snapshot", "residual streams", store);
      store.forget_earlier_snapshots();
      CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) <=
            6);  // it, a file a text, one
      census::residual_store restored(rows, columns, random() % 2 == 0 ? memory : 0, snapshots{folder.path()});
      census::read_state(folder / "snapshot", "residual streams", restored);
      for (std::size_t text = 0; text < rows.size(); ++text)
        if (rounds[text] >= 0) CHECK(is_of_round(restored.take(text), text, rounds[text]));
    };
    for (int round = 0; round < 4; ++round)
      for (std::size_t text = 0; text < rows.size(); ++text) {
        auto& matrix = store.take(text);
        if (round > 0) REQUIRE(is_of_round(matrix, text, round - 1));
        work_on(matrix, text, round);
        if (random() % 3 == 0) check_snapshot();
        store.put_back(text);
        rounds[text] = round;
        if (random() % 3 == 0) check_snapshot();
      }
  }
}

namespace {

std::uint64_t bytes_in(fs::path const& folder) {
  std::uint64_t bytes = 0;
  for (auto const& entry : fs::directory_iterator(folder)) bytes += entry.file_size();
  return bytes;
}

}  // namespace

TEST_CASE("on the disk residual streams lie once until a snapshot is taken, and less than three times after any") {
  std::size_t const columns = 16;
  std::uint64_t once = 0;
  for (std::size_t const count : rows) once += census::residual_store::bytes(count, columns);
  for (std::size_t const texts_between : {0, 1, 2, 3, 4, 5, 7, 9}) {  // two snapshots; 0: there is none
    temporary_folder const folder, elsewhere;
    census::residual_store store(rows, columns, 0, snapshots{folder.path()});
    std::uint64_t most = 0;
    for (std::size_t done = 0; done < 40; ++done) {
      std::size_t const text = done % rows.size();
      work_on(store.take(text), text, static_cast<int>(done / rows.size()));
      store.put_back(text);
      most = std::max(most, bytes_in(folder.path()));
      if (texts_between == 0 || done % texts_between != 0) continue;
      census::write_state(elsewhere / "snapshot", "residual streams", store);
      store.forget_earlier_snapshots();
    }
    CAPTURE(texts_between);
    CHECK(most < 3 * once);
    if (texts_between == 0) CHECK(most == once);
  }
}

TEST_CASE("residual streams that are no longer of use are not stored") {
  temporary_folder const folder;
  census::residual_store store(rows, 16, 1 << 20, snapshots{folder.path()});
  store.take(0), store.put_back(0);
  store.release(0);
  census::write_state(folder / "snapshot", "residual streams", store);
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a folder in which no residual stream can be written is refused by name, each time") {
  temporary_folder const folder;
  census::residual_store store(rows, 16, 0, snapshots{folder.path() / "gone"});
  for (int tries = 0; tries < 2; ++tries) {
    store.take(0);
    CHECK_THROWS_WITH(store.put_back(0),
                      (folder / "gone/residuals-1.bin") +
                          ": the file of residual streams cannot be made: No such file or directory");
  }
}

TEST_CASE("files that are only named much like those of residual streams stay") {
  temporary_folder const folder;
  for (auto const* name : {"residuals-007.bin", "residuals-.bin", "residuals-7.bin.old"}) folder.write(name, "mine");
  census::residual_store store(rows, 16, 0, snapshots{folder.path()});
  store.take(0), store.put_back(0);
  CHECK(fs::exists(folder / "residuals-1.bin"));
  store.forget_earlier_snapshots();
  for (auto const* name : {"residuals-007.bin", "residuals-.bin", "residuals-7.bin.old"})
    CHECK(fs::exists(folder / name));
}

TEST_CASE("residual streams that are said to lie in a file that would be written next are refused") {
  temporary_folder const folder;
  census::residual_store store(rows, 16, 0, snapshots{folder.path()});
  for (std::size_t text = 0; text < rows.size(); ++text) store.take(text), store.put_back(text);
  census::write_state(folder / "snapshot", "residual streams", store);
  fs::remove(folder / "residuals-1.bin");
  census::residual_store restored(rows, 16, 0, snapshots{folder.path()});
  CHECK_THROWS_WITH(census::read_state(folder / "snapshot", "residual streams", restored),
                    (folder / "snapshot") + ": a residual stream in file 1, which is not there");
}

TEST_CASE("residual streams of other texts, or whose file is cut short, are refused by name") {
  temporary_folder const folder;
  census::residual_store store(rows, 16, 0, snapshots{folder.path()});
  for (std::size_t text = 0; text < rows.size(); ++text) store.take(text), store.put_back(text);
  census::write_state(folder / "snapshot", "residual streams", store);
  census::residual_store fewer(std::vector<std::size_t>{3, 5}, 16, 0, snapshots{folder.path()});
  CHECK_THROWS_WITH(census::read_state(folder / "snapshot", "residual streams", fewer),
                    Catch::EndsWith("the residual streams of 4 texts, instead of 2"));
  census::residual_store restored(rows, 16, 0, snapshots{folder.path()});
  census::read_state(folder / "snapshot", "residual streams", restored);
  fs::resize_file(folder / "residuals-1.bin", 100);
  CHECK_THROWS_WITH(restored.take(3),
                    (folder / "residuals-1.bin") + ": the file of residual streams cannot be read: it ends too soon");
}
