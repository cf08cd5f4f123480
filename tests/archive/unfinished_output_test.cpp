// SPDX-License-Identifier: MIT
#include <census/archive/unfinished_output.hpp>
#include <census/archive/whole_file.hpp>
#include <census/archive/whole_folder.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace fs = std::filesystem;

namespace {

fs::path made(fs::path const& path) {
  std::ofstream(path) << "half";
  return path;
}

}  // namespace

TEST_CASE("what is being made goes with its object, unless it was put in its place") {
  temporary_folder const folder;
  fs::path const beside = folder / "beside", place = folder / "place";
  {
    census::unfinished_output output([&] { return made(beside); });
    CHECK((output.path() == beside && fs::exists(beside)));
    CHECK_THROWS_AS(output.finish([] { throw std::runtime_error("no"); }), std::runtime_error);
  }
  CHECK_FALSE(fs::exists(beside));
  {
    census::unfinished_output output([&] { return made(beside); });
    output.finish([&] { fs::rename(beside, place); });
    made(beside);  // another's now
  }
  CHECK((fs::exists(place) && fs::exists(beside)));
}

TEST_CASE("a process that ends by a signal leaves nothing that it was making, and makes nothing more") {
  temporary_folder const folder;
  ::pid_t const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    census::whole_file done(folder / "done"), half(folder / "half");
    done.commit();
    half.stream() << "half";
    census::whole_folder many(folder / "many");
    many.write("3/b.json", "[1]");
    std::thread([] {
      census::remove_unfinished_outputs();
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      ::_exit(130);
    }).detach();
    while (true) {  // until the files are gone, and then in vain
      many.write("4/c.json", "[2]");
      census::whole_file(folder / "more").commit();
    }
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 130));
  CHECK(fs::exists(folder / "done"));
  for (auto const& entry : fs::directory_iterator(folder.path()))
    CHECK((entry.path().filename() == "done" || entry.path().filename() == "more"));
}
