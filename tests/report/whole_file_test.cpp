// SPDX-License-Identifier: MIT
#include <census/report/whole_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string content(std::string const& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

TEST_CASE("a file appears with commit, and without it what was there stays") {
  temporary_folder const folder;
  auto const path = folder.write("x", "old");
  {
    census::whole_file abandoned(path);
    abandoned.stream() << "new";
    abandoned.finish();
  }
  CHECK(content(path) == "old");
  census::whole_file file(path);
  file.stream() << "new";
  CHECK(content(path) == "old");
  file.commit();
  CHECK(content(path) == "new");
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
}

TEST_CASE("a file that cannot be written is named with the cause") {
  temporary_folder const folder;
  CHECK_THROWS_WITH(census::whole_file(folder / "none/x"), Catch::Contains("none/x: cannot be written: No such file"));
  std::filesystem::create_directory(folder / "taken");
  folder.write("taken/x", "");
  census::whole_file file(folder / "taken");
  CHECK_THROWS_WITH(file.commit(), Catch::Contains("taken: cannot be put in place"));
}

TEST_CASE("what did not reach the disk is told") {
  if (!std::filesystem::exists("/dev/full")) return;
  temporary_folder const folder;
  std::filesystem::create_symlink("/dev/full", folder / "x.part");
  census::whole_file file(folder / "x");
  file.stream() << "text";
  CHECK_THROWS_AS(file.finish(), census::bad_input);
}
