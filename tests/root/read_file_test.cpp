// SPDX-License-Identifier: MIT
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <string>

TEST_CASE("a file is read whole, whatever bytes it holds and however long it is") {
  temporary_folder folder;
  for (std::size_t const size : {0, 1, 65536, 65537, 200000}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * i % 251);
    CHECK(census::read_file(folder.write("file", bytes)) == bytes);
  }
}

TEST_CASE("what is no file that can be read is refused by its name") {
  temporary_folder folder;
  CHECK_THROWS_WITH(census::read_file(folder.path() / "none"), (folder / "none") + ": the file is missing");
  CHECK_THROWS_WITH(census::read_file(folder.path()), folder.path().string() + ": is no regular file");
  auto const file = folder.write("file", "x");
  CHECK_THROWS_WITH(census::read_file(file + "/below"), file + "/below: the file is missing");
}
