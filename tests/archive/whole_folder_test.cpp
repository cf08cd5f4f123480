// SPDX-License-Identifier: MIT
#include <census/archive/whole_folder.hpp>
#include <census/error.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;

namespace {

std::ptrdiff_t entries(fs::path const& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

}  // namespace

TEST_CASE("a folder is there with all its files once it is committed, and not before") {
  temporary_folder const above;
  for (std::string const name : {"new", "deep/er/new/", "empty"}) {
    fs::path const place = above.path() / name;
    if (name == "empty") fs::create_directory(place);
    census::whole_folder folder(place);
    folder.write("a.json", "{}");
    folder.write("3/b.json", "[1]");
    CHECK((!fs::exists(place) || fs::is_empty(place)));
    folder.commit();
    CHECK(census::read_file(place / "a.json") == "{}");
    CHECK(census::read_file(place / "3/b.json") == "[1]");
    CHECK((fs::status(place).permissions() & fs::perms::owner_all) == fs::perms::owner_all);
  }
  CHECK(entries(above.path()) == 3);  // and nothing beside them
}

TEST_CASE("a folder that is not committed leaves nothing, and one that holds something is not replaced") {
  temporary_folder const above;
  {
    census::whole_folder abandoned(above.path() / "new");
    abandoned.write("a.json", "{}");
  }
  CHECK(entries(above.path()) == 0);
  above.write("full/mine.txt", "mine");
  CHECK_THROWS_WITH(census::whole_folder(above.path() / "full"), Catch::Contains("full: is there already"));
  CHECK_THROWS_AS(census::whole_folder(above.path() / "full/mine.txt"), census::bad_input);
  CHECK_THROWS_AS(census::whole_folder(above.path() / "full/mine.txt/below"), census::bad_input);
  census::whole_folder late(above.path() / "late");
  above.write("late/mine.txt", "mine");
  CHECK_THROWS_AS(late.commit(), census::bad_input);
  CHECK(census::read_file(above.path() / "late/mine.txt") == "mine");
}
