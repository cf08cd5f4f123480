// SPDX-License-Identifier: MIT
#include <census/scratch_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>
#include <support/without_temporary_folder.hpp>

#include <array>
#include <filesystem>

namespace {

std::array<std::byte, 3> bytes(int a, int b, int c) { return {std::byte(a), std::byte(b), std::byte(c)}; }

}  // namespace

TEST_CASE("a scratch file gives back what was written, in any order, and leaves no name in its folder") {
  temporary_folder folder;
  census::scratch_file const file(folder.path(), "numbers");
  CHECK(std::filesystem::is_empty(folder.path()));
  file.write(1000, bytes(4, 5, 6));
  file.write(0, bytes(1, 2, 3));
  std::array<std::byte, 3> read;
  file.read(0, read);
  CHECK(read == bytes(1, 2, 3));
  file.read(1000, read);
  CHECK(read == bytes(4, 5, 6));
  file.read(500, read);
  CHECK(read == bytes(0, 0, 0));  // between what was written
}

TEST_CASE("a scratch file of no folder lies in the system's for temporary files, and names it where it is missing") {
  census::scratch_file const file({}, "numbers");
  file.write(0, bytes(1, 2, 3));
  CHECK(file.size() == 3);
  without_temporary_folder const missing;
  CHECK_THROWS_WITH(census::scratch_file({}, "numbers"),
                    Catch::StartsWith("/no/such/folder: is no folder for temporary files (TMPDIR)"));
}

TEST_CASE("a scratch file says where and what cannot be made or read") {
  temporary_folder folder;
  auto const none = folder.path() / "none";
  CHECK_THROWS_WITH(census::scratch_file(none, "numbers"),
                    none.string() + ": the file of numbers cannot be made: No such file or directory");
  census::scratch_file const file(folder.path(), "numbers");
  std::array<std::byte, 3> read;
  CHECK_THROWS_WITH(file.read(0, read),
                    Catch::StartsWith(folder.path().string() + ": the file of numbers cannot be read"));
}
