// SPDX-License-Identifier: MIT
#include <census/archive/whole_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace fs = std::filesystem;

namespace {

std::string content(std::string const& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::ptrdiff_t files_in(fs::path const& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

::ino_t inode_of(fs::path const& path) {
  struct ::stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

/// What the file system of this test's own link() and fsync() can, and which files were brought to the disk.
bool has_links = true;
std::set<::ino_t> files_synced;

}  // namespace

// In place of the C library's, for all of this program.
extern "C" int link(char const* from, char const* to) noexcept {
  if (!has_links) return errno = EPERM, -1;
  return ::linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}
extern "C" int fsync(int file) {
  struct ::stat status {};
  if (!has_links && ::fstat(file, &status) == 0) files_synced.insert(status.st_ino);
  return static_cast<int>(::syscall(SYS_fsync, file));
}

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
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file that cannot be written is named with the cause") {
  temporary_folder const folder;
  CHECK_THROWS_WITH(census::whole_file(folder / "none/x"), Catch::Contains("none/x: cannot be written: No such file"));
}

TEST_CASE("what did not reach the disk is told") {
  temporary_folder const folder;
  census::whole_file file(folder / "x");
  file.stream() << std::string(100'000, 'x');
  ::rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto const handler = std::signal(SIGXFSZ, SIG_IGN);
  ::rlimit const small{4096, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK_THROWS_WITH(file.finish(), Catch::Contains("x: cannot be written: File too large"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
}

TEST_CASE("a stream may go back and write again, as far as it is and farther") {
  temporary_folder const folder;
  census::whole_file file(folder / "x");
  file.stream() << std::string(70'000, 'a') << "end";
  file.stream().seekp(1) << 'b';
  file.stream().seekp(69'999) << 'c';
  file.stream().seekp(70'005) << 'd';
  file.commit();
  auto const text = content(folder / "x");
  REQUIRE(text.size() == 70'006);
  CHECK(text.substr(0, 3) == "aba");
  CHECK(text.substr(69'998) == std::string("acend\0\0d", 8));
}

TEST_CASE("no link is followed, whatever name it waits under, and only regular files are replaced") {
  temporary_folder const folder;
  auto const victim = folder.write("victim", "mine");
  for (auto const* name : {"out.part", ".out.part", "out.tmp"}) {
    fs::create_symlink(victim, folder / name);
    census::whole_file file(folder / "out");
    file.stream() << "new";
    file.commit();
    CHECK(fs::is_symlink(folder / name));
  }
  CHECK(content(victim) == "mine");

  fs::create_symlink(victim, folder / "link");
  fs::create_symlink(folder / "nowhere", folder / "dangling");
  fs::create_directory(folder / "taken");
  for (auto const* name : {"link", "dangling"})
    CHECK_THROWS_WITH(census::whole_file(folder / name),
                      Catch::Contains(std::string(name) + ": is a link, which is neither followed nor replaced"));
  CHECK_THROWS_WITH(census::whole_file(folder / "taken"), Catch::Contains("taken: is no regular file"));
  CHECK_THROWS_WITH(census::whole_file("/dev/null"), Catch::Contains("/dev/null: is no regular file"));
  CHECK_FALSE(fs::exists(folder / "nowhere"));
  CHECK(content(victim) == "mine");
}

TEST_CASE("another name of the file in its place keeps the old content") {
  temporary_folder const folder;
  auto const victim = folder.write("victim", "mine");
  fs::create_hard_link(victim, folder / "out");
  census::whole_file file(folder / "out");
  file.stream() << "new";
  file.commit();
  CHECK(content(victim) == "mine");
  CHECK(content(folder / "out") == "new");
}

TEST_CASE("a link that came while the file was written is not replaced") {
  temporary_folder const folder;
  auto const victim = folder.write("victim", "mine");
  census::whole_file file(folder / "out");
  file.stream() << "new";
  fs::create_symlink(victim, folder / "out");
  CHECK_THROWS_AS(file.commit(), census::bad_input);
  CHECK(content(victim) == "mine");
}

TEST_CASE("a file is as readable to others as the process lets new files be") {
  temporary_folder const folder;
  auto const mask = ::umask(027);
  census::whole_file file(folder / "x");
  file.commit();
  ::umask(mask);
  CHECK(fs::status(folder / "x").permissions() == fs::perms(0640));
}

TEST_CASE("a file may take the content of another one, which stays") {
  temporary_folder const folder;
  auto const path = folder.write("x", "old"), other = folder.write("other", "new");
  {
    census::whole_file taking(path);
    taking.take_content_of(other);
    CHECK(content(path) == "old");
    taking.commit();
  }
  CHECK(content(path) == "new");
  CHECK(content(other) == "new");
  {
    census::whole_file again(path);  // where both are one file by now
    again.take_content_of(other);
    again.commit();
  }
  CHECK(content(path) == "new");
  CHECK(files_in(folder / "") == 2);
  census::whole_file missing(path);
  CHECK_THROWS_WITH(missing.take_content_of(folder / "none"),
                    path + ": cannot be a copy of " + (folder / "none") + ": No such file or directory");
}

TEST_CASE("where a file system has no links, a file is a copy of another one, which has reached the disk") {
  temporary_folder const folder;
  auto const path = folder.write("x", "old"), other = folder.write("other", "new");
  census::whole_file taking(path);
  has_links = false;
  taking.take_content_of(other);
  has_links = true;
  CHECK(files_synced.count(inode_of(taking.path())) == 1);
  taking.commit();
  CHECK(content(path) == "new");
  CHECK(inode_of(path) != inode_of(other));
}

TEST_CASE("a file without a name is refused before anything is written") {
  temporary_folder const folder;
  CHECK_THROWS_WITH(census::whole_file(""), Catch::Contains("names no file"));
  CHECK_THROWS_WITH(census::whole_file(folder.path() / "none" / ""), Catch::Contains("names no file"));
  CHECK(files_in(folder.path()) == 0);
}
