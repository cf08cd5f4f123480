// SPDX-License-Identifier: MIT
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <filesystem>
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

TEST_CASE("a file that is longer than such a file may be is refused before it is read: sparse files may be endless") {
  temporary_folder folder;
  auto const file = folder.write("file", "12345");
  CHECK(census::read_file(file, 5) == "12345");
  CHECK_THROWS_WITH(census::read_file(file, 4),
                    file + ": is longer than the 4 bytes that such a file may have: 5 bytes");
  std::filesystem::resize_file(file, std::uintmax_t{40} << 30);
  CHECK_THROWS_WITH(census::read_file(file), Catch::Contains("file: is longer than the 4294967296 bytes"));
}
