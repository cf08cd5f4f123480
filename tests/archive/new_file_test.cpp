// SPDX-License-Identifier: MIT
#include <census/archive/new_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>

namespace fs = std::filesystem;

TEST_CASE("A new file lies beside its place, under a hidden name that tells the place") {
  temporary_folder folder;
  census::new_file file(folder.path() / "layers.csv");
  REQUIRE(file.is_open());
  CHECK(file.path().parent_path() == folder.path());
  CHECK(census::new_file::written_beside(file.path().filename().string()) == "layers.csv");
  CHECK_FALSE(fs::exists(folder.path() / "layers.csv"));
  std::ostream(&file) << "layer,neuron\n";
  CHECK(file.close());
  std::ifstream back(file.path());
  CHECK(std::string(std::istreambuf_iterator<char>(back), {}) == "layer,neuron\n");
}

TEST_CASE("Other names are of no new file") {
  for (auto const* name : {"layers.csv", ".layers.csv", ".layers.csv.part", ".layers.csv.0123456789abcdeg.part",
                           "layers.csv.0123456789abcdef.part", "..0123456789abcdef.par", ""})
    CHECK(census::new_file::written_beside(name).empty());
}

TEST_CASE("A new file in a folder that is missing is not open, and says why") {
  temporary_folder folder;
  census::new_file const file(folder.path() / "missing" / "layers.csv");
  CHECK_FALSE(file.is_open());
  CHECK(file.error() == ENOENT);
}
