// SPDX-License-Identifier: MIT
#include <census/parallel_loop.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>

#include <tbb/blocked_range.h>
#include <tbb/partitioner.h>

#include <atomic>
#include <cstddef>
#include <stdexcept>

namespace {

constexpr std::size_t loop_length = 1000;

// How much of a loop over numbers, and of one over a range, is done.
std::size_t done_of_loops() {
  std::atomic<std::size_t> done = 0;
  census::parallel_loop(std::size_t{0}, loop_length, [&](std::size_t) { ++done; });
  auto const body = [&](tbb::blocked_range<std::size_t> const& range) { done += range.size(); };
  census::parallel_loop(tbb::blocked_range<std::size_t>(0, loop_length), body);
  census::parallel_loop(tbb::blocked_range<std::size_t>(0, loop_length, 1), body, tbb::simple_partitioner{});
  return done;
}

}  // namespace

TEST_CASE("a parallel loop does all of its work, in a group of tasks that is cancelled as well") {
  CHECK(done_of_loops() == 3 * loop_length);
  std::size_t done = 0;
  census_test::in_cancelled_group([&] { done = done_of_loops(); });
  CHECK(done == 3 * loop_length);
}

TEST_CASE("what the body of a parallel loop throws arrives as itself, in a loop within a loop as well") {
  auto const throws = [](std::size_t i) {
    if (i == 700) throw std::out_of_range("700");
  };
  auto const loop = [&] { census::parallel_loop(std::size_t{0}, loop_length, throws); };
  CHECK_THROWS_AS(loop(), std::out_of_range);
  CHECK_THROWS_AS(census::parallel_loop(0, 4, [&](int) { loop(); }), std::out_of_range);
  CHECK(census_test::throws_in_cancelled_group<std::out_of_range>(loop));
}
