// SPDX-License-Identifier: MIT
#include <census/archive/detail/folder_lock.hpp>
#include <census/error.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

using census::detail::folder_lock;

namespace {

int without_locks(int, int) {
  errno = ENOLCK;
  return -1;
}

std::string refusal(std::filesystem::path const& folder, folder_lock::locker lock = ::flock) {
  try {
    folder_lock const held(folder, lock);
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return "";
}

/// The number of a process that has ended.
int ended_process() {
  int const child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("a folder is held by one at a time, and free when it is let go") {
  temporary_folder const folder;
  {
    folder_lock const held(folder.path());
    CHECK(held.warning().empty());
    CHECK(refusal(folder.path()) == folder.path().string() + ": another census is writing into this folder");
  }
  CHECK(refusal(folder.path()).empty());
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("on a file system without locks a file stands for one, and is told") {
  temporary_folder const folder;
  std::string const mark = folder / ".census-is-writing";
  {
    folder_lock const held(folder.path(), without_locks);
    CHECK(held.warning() ==
          mark + ": stands for a lock, for this file system has none; a run that is killed leaves it");
    CHECK_THAT(refusal(folder.path(), without_locks),
               Catch::StartsWith(mark + ": another census, process " + std::to_string(::getpid()) + " of ") &&
                   Catch::EndsWith(", is writing into this folder; where it was killed, remove this file"));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  folder_lock held(folder.path(), without_locks);
  held.remove_mark();
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK(refusal(folder.path(), without_locks).empty());
}

TEST_CASE("what a process left that has ended on this machine is taken over, and of another machine nothing is known") {
  temporary_folder const folder;
  std::string const mark = folder / ".census-is-writing";
  { folder_lock const held(folder.path(), without_locks); }
  std::string host;
  {
    folder_lock const held(folder.path(), without_locks);
    std::ifstream(mark) >> host;
  }
  std::ofstream(mark) << host << ' ' << ended_process() << '\n';
  CHECK(refusal(folder.path(), without_locks).empty());
  std::ofstream(mark) << "another-machine " << ended_process() << '\n';
  CHECK_THAT(refusal(folder.path(), without_locks), Catch::Contains("of another-machine, is writing"));
}

TEST_CASE("a folder that cannot be held for another reason is refused with it") {
  CHECK(refusal("/nonexistent-folder") == "/nonexistent-folder: cannot be held: No such file or directory");
}
