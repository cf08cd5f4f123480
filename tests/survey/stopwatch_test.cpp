// SPDX-License-Identifier: MIT
#include <census/survey/stopwatch.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <thread>

TEST_CASE("a stopwatch adds the laps of a phase, phases in the order in which they were first met") {
  census::stopwatch watch;
  auto const wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  wait(), watch.lap("read");
  watch.lap("write");
  wait(), watch.lap("read");
  REQUIRE(watch.seconds().size() == 2);
  CHECK(watch.seconds()[0].first == "read");
  CHECK(watch.seconds()[0].second >= 0.01);
  CHECK(watch.seconds()[1].first == "write");
  CHECK(watch.seconds()[1].second >= 0);
}
