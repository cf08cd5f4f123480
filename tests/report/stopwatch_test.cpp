// SPDX-License-Identifier: MIT
#include <census/report/stopwatch.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <thread>

TEST_CASE("a lap adds what has passed since the one before to its phase, phases in the order first met") {
  census::stopwatch watch;
  watch.lap("open");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  watch.lap("survey");
  watch.lap("open");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  watch.lap("survey");
  auto const& seconds = watch.seconds();
  REQUIRE(seconds.size() == 2);
  CHECK(seconds[0].first == "open");
  CHECK(seconds[1].first == "survey");
  CHECK(seconds[1].second >= 0.04);
}
