// SPDX-License-Identifier: MIT
#include <census/statistic/position_coding_null.hpp>

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cmath>

namespace {

/// So many neurons, all active for a quarter of every 256 positions.
std::vector<census::detail::position_set> quarters(std::size_t neurons) {
  std::vector<census::detail::position_set> active(neurons, census::detail::position_set(2047));
  for (auto& set : active)
    for (std::uint32_t p = 0; p < 2047; p += 256) set.add(p, std::min(p + 64, 2047u));
  return active;
}

}  // namespace

TEST_CASE("ten neurons of duty a quarter cover nearly everything by chance: coverage alone is no evidence") {
  auto const null = census::null_of(quarters(10), 300, 7);
  CHECK(null.coverage == Approx(1 - std::pow(0.75, 10)).margin(0.02));
  CHECK(null.p_coverage == 1);  // the ten lie on each other, no draw can cover less
}

TEST_CASE("the null is the same for the same seed, whatever the threads, and another for another") {
  auto const active = quarters(4);
  auto const null = census::null_of(active, 100, 3);
  tbb::global_control const one_thread(tbb::global_control::max_allowed_parallelism, 1);
  CHECK(census::null_of(active, 100, 3).information == null.information);
  CHECK(census::null_of(active, 100, 4).information != null.information);
}

TEST_CASE("a coverage of 1 in each of a thousand draws has the mean 1, and not a rounding more") {
  std::vector<census::detail::position_set> always(1, census::detail::position_set(255));
  always[0].add(0, 255);
  CHECK(census::null_of(always, 1000, 0).coverage == 1);
}

TEST_CASE("without neurons or draws there is nothing to compare with") {
  CHECK(census::null_of({}, 100, 3).p_coverage == 1);
  CHECK(census::null_of(quarters(2), 0, 3).p_information == 1);
}
