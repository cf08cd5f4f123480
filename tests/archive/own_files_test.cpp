// SPDX-License-Identifier: MIT
#include <census/archive/own_files.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

namespace {

census::own_files open(temporary_folder const& folder) {
  return {folder.path(), "run.json", [](std::string_view name) { return name == "a.csv" || name == "b.csv"; }};
}

std::set<std::string> names_in(temporary_folder const& folder) {
  std::set<std::string> names;
  for (auto const& entry : fs::directory_iterator(folder.path())) names.insert(entry.path().filename().string());
  return names;
}

}  // namespace

TEST_CASE("files that the record lists are replaced, or go where the new run has none") {
  temporary_folder const folder;
  folder.write("run.json", R"({"census": "0", "files": ["a.csv", "b.csv", "run.json"]})");
  folder.write("a.csv", "old"), folder.write("b.csv", "old"), folder.write("c.csv", "mine");
  auto files = open(folder);
  CHECK(files.claim("a.csv") == folder.path() / "a.csv");
  files.begin_replacing();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "c.csv", "unfinished-run.json"});
  files.finished();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "c.csv"});
}

TEST_CASE("what was claimed and given up goes like what was not claimed") {
  temporary_folder const folder;
  folder.write("run.json", R"({"census": "0", "files": ["a.csv", "b.csv", "run.json"]})");
  folder.write("a.csv", "old"), folder.write("b.csv", "old");
  auto files = open(folder);
  files.claim("a.csv"), files.claim("b.csv");
  files.give_up("b.csv");
  CHECK(files.claimed() == std::set<std::string>{"a.csv"});
  files.begin_replacing();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "unfinished-run.json"});
}

TEST_CASE("what no record lists is refused where it is in the way, at once or when it came") {
  temporary_folder const folder;
  folder.write("a.csv", "mine");
  auto files = open(folder);
  CHECK_THROWS_WITH(files.claim("a.csv"), Catch::Contains("a.csv: is in the way, and no run.json"));
  files.claim("b.csv");
  fs::create_symlink("nowhere", folder / "b.csv");
  CHECK_THROWS_WITH(files.begin_replacing(), Catch::Contains("b.csv: is in the way"));
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "b.csv"});
}

TEST_CASE("the first records listed nothing: beside them, what has the name of a result is one") {
  temporary_folder const folder;
  folder.write("run.json", R"({"census": "0.1.0"})");
  folder.write("a.csv", "old"), folder.write("b.csv", "old"), folder.write("c.csv", "mine");
  auto files = open(folder);
  files.claim("a.csv");
  files.begin_replacing();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "c.csv", "unfinished-run.json"});
}

TEST_CASE("a run that was killed while it put its files in place can be repeated") {
  temporary_folder const folder;
  {
    auto killed = open(folder);
    killed.claim("a.csv"), killed.claim("run.json");
    killed.begin_replacing();
    folder.write("a.csv", "half of the files are here");
  }
  auto files = open(folder);
  files.claim("a.csv"), files.claim("run.json");
  files.begin_replacing();
  files.finished();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv"});
}

TEST_CASE("a spoiled record owns nothing but results, and removes no folder and no link") {
  temporary_folder const folder;
  folder.write("c.csv", "mine");
  folder.write("victim", "mine");
  folder.write("sub/x", "mine");
  folder.write(
      "run.json",
      R"({"census": "0", "files": ["c.csv", "../victim", "/etc/passwd", "sub/x", "", ".", 7, "b.csv", "a.csv"]})");
  fs::create_directory(folder / "b.csv");
  fs::create_symlink(folder / "victim", folder / "a.csv");
  auto files = open(folder);
  files.begin_replacing();
  CHECK(names_in(folder) == std::set<std::string>{"a.csv", "b.csv", "c.csv", "sub", "unfinished-run.json", "victim"});
  CHECK(fs::exists(folder / "sub/x"));
}

TEST_CASE("a record that no run wrote is refused by name") {
  for (auto const* text : {"", "mine", "[]", "{}", R"({"census": "0")"}) {
    CAPTURE(text);
    temporary_folder const folder;
    folder.write("run.json", text);
    CHECK_THROWS_WITH(open(folder), Catch::Contains("run.json: "));
  }
  temporary_folder const folder;
  fs::create_symlink("nowhere", folder / "run.json");
  CHECK_THROWS_WITH(open(folder), Catch::Contains("run.json: is in the way"));
}

TEST_CASE("beginnings that a killed run left go, and nothing that only looks like them") {
  temporary_folder const folder;
  auto const piece = [](std::string const& name) { return "." + name + ".0123456789abcdef.part"; };
  std::set<std::string> const foreign{
      "a.csv.part",   ".a.csv.part", ".a.csv.0123.part",     ".a.csv.0123456789ABCDEF.part",
      piece("c.csv"), piece(""),     "0123456789abcdef.part"};
  for (auto const& name : foreign) folder.write(name, "mine");
  folder.write(piece("a.csv"), "left"), folder.write(piece("run.json"), "left");
  auto const files = open(folder);
  CHECK(names_in(folder) == foreign);
}

TEST_CASE("a folder that was made and that nothing came into goes, and one that was there or holds something stays") {
  temporary_folder const folder;
  auto const nobody = [](std::string_view) { return false; };
  {
    census::own_files const files(folder / "new", "run.json", nobody);
    CHECK(fs::is_directory(folder / "new"));
  }
  CHECK_FALSE(fs::exists(folder / "new"));
  {
    census::own_files const files(folder / "new", "run.json", nobody);
    folder.write("new/a.csv", "came into it");
  }
  CHECK(fs::exists(folder / "new/a.csv"));
  for (auto const* path : {"a/b/c", "a/b/c/"}) {
    fs::create_directory(folder / "a");
    { census::own_files const files(folder / path, "run.json", nobody); }
    CHECK(fs::is_empty(folder / "a"));
  }
  fs::create_directory(folder / "empty");
  { census::own_files const files(folder / "empty", "run.json", nobody); }
  CHECK(fs::is_directory(folder / "empty"));
}
