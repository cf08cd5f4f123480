// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/random_access_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <fcntl.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>

TEST_CASE("bytes are read from where they were written, and what is not there is refused by name") {
  temporary_folder const folder;
  std::string const path = folder / "file";
  census::random_access_file const file(::open(path.c_str(), O_RDWR | O_CREAT, 0666), path, "numbers");
  std::array<int, 3> const numbers{1, 2, 3};
  file.write(100, std::as_bytes(std::span(numbers)));
  CHECK(file.size() == 100 + sizeof numbers);
  file.sync();
  std::array<int, 2> read{};
  file.read(104, std::as_writable_bytes(std::span(read)));
  CHECK(read == std::array{2, 3});
  CHECK_THROWS_WITH(file.read(108, std::as_writable_bytes(std::span(read))),
                    path + ": the file of numbers cannot be read: it ends too soon");
}

TEST_CASE("a file that cannot be written says why") {
  temporary_folder const folder;
  std::string const path = folder.write("file", "abc");
  census::random_access_file const file(::open(path.c_str(), O_RDONLY), path, "numbers");
  CHECK_THROWS_WITH(file.write(0, std::as_bytes(std::span("x", 1))),
                    path + ": the file of numbers cannot be written: Bad file descriptor");
}
