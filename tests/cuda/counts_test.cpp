// SPDX-License-Identifier: MIT
// Counts in a device's memory: what tests/tabulation/remote_counts_test.cpp asks of any backend's.
#include <census/cuda/counts.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/tabulation/tabulate.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <support/catch.hpp>
#include <support/keyed_firings.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

using census::firing_counts;
using census::key_rows;

/// The same firings here and on the device, with the keys of their rows.
struct twins {
  census::packed_firings here;
  census::cuda::firings there;
  key_rows rows;

  explicit twins(census_test::keyed_firings const& keyed)
      : here(keyed.firings), there(census_test::sent(keyed.firings)), rows(keyed.rows) {}

  void count(firing_counts& into, bool on_device) const {
    if (on_device)
      tabulate(there, rows, into);
    else
      tabulate(here, rows, into);
  }
};

twins random_twins(std::size_t count, std::size_t neurons, std::uint32_t keys, std::uint32_t seed) {
  return twins(census_test::random_keyed_firings(count, neurons, keys, seed));
}

}  // namespace

TEST_CASE("a table may be counted some here and some on a device, in any order, also row by row") {
  std::vector<twins> portions;
  for (std::uint32_t seed = 0; seed < 4; ++seed)
    portions.push_back(random_twins(30, 70, seed == 2 ? 9 : 3, seed));  // one has rows that no other has
  firing_counts here(70);
  for (twins const& portion : portions) portion.count(here, false);
  for (unsigned far = 0; far < 16; ++far) {  // each way to part four portions
    firing_counts mixed(70);
    for (std::size_t i = 0; i < portions.size(); ++i) portions[i].count(mixed, (far >> i & 1) != 0);
    CAPTURE(far);
    CHECK(mixed == here);
    CHECK(mixed.at_home() == here);
    CHECK(mixed.is_at_home() == (far == 0));
  }
}

TEST_CASE("a copy of counts on a device is independent of its original") {
  auto const first = random_twins(50, 70, 4, 1), second = random_twins(50, 70, 4, 2);
  firing_counts here(70), there(70);
  first.count(here, false);
  first.count(there, true);
  firing_counts copy = there, copy_here = here;
  second.count(copy, true);
  CHECK(there == here);
  second.count(copy_here, false);
  CHECK(copy == copy_here);
  second.count(there, true);
  CHECK(there == copy_here);
}

TEST_CASE("a copy of counts of which some rows were never counted there has none of those either") {
  twins const first({census::pack({std::vector<float>(2 * 3, 1.f), 3}), key_rows(std::vector<std::uint32_t>{5, 2})});
  firing_counts here(3), there(3);
  first.count(here, false);
  first.count(there, true);
  firing_counts copy = there;
  first.count(copy, true);
  CHECK(there == here);
  first.count(here, false);
  CHECK(copy == here);
}

TEST_CASE("cells widen on a device where occurrences pass 255 and 65,535, wherever those were counted") {
  for (bool const mixed : {false, true}) {
    firing_counts here(3), there(3);
    std::uint32_t occurrences = 0, turn = 0;
    for (std::uint32_t const times : {255u, 1u, 65'279u, 1u, 300u}) {
      twins const portion(census_test::full_keyed_firings(times, 3));
      portion.count(here, false);
      portion.count(there, !mixed || turn++ % 2 == 1);
      occurrences += times;
      CAPTURE(mixed, occurrences);
      census_test::check_widened(there, here, occurrences);
    }
  }
}

TEST_CASE("rows that widen leave room for new ones, and what lay there before is not counted") {
  firing_counts here(70), there(70);
  for (std::uint32_t round = 0; round < 6; ++round) {  // rows 0 to 3 widen in round 3, when rows 4 to 7 are new
    std::vector<std::uint32_t> table_row(4 * 70 + 4);
    for (std::uint32_t i = 0; i < table_row.size(); ++i) table_row[i] = i < 280 ? i % 4 : 4 * (round / 3) + i % 4;
    std::vector<float> values(table_row.size() * 70);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = (i * 7 + round) % 5 < 3 ? 1.f : -1.f;
    twins const portion({census::pack({std::move(values), 70}), key_rows(table_row)});
    portion.count(here, false);
    portion.count(there, true);
  }
  CHECK(there == here);
  auto const home = there.at_home();
  CHECK(census_test::cell_bytes(home, 3) == 2);
  CHECK(census_test::cell_bytes(home, 7) == 1);
}

TEST_CASE("occurrences are checked here before anything is counted on a device") {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  auto const portion = random_twins(3, 1, 1, 5);
  std::size_t const occurrences = portion.rows.order().size();
  firing_counts almost = census_test::occurring(most - occurrences);
  firing_counts full = census_test::occurring(most - occurrences + 1);
  firing_counts almost_here = almost;
  portion.count(almost, true);
  portion.count(almost_here, false);
  CHECK(almost.occurrences(0) == most);
  CHECK(almost == almost_here);
  firing_counts const before = full;
  CHECK_THROWS_AS(portion.count(full, true), std::overflow_error);
  CHECK(full == before);
  CHECK(full.is_at_home());
  CHECK_THROWS_AS(portion.count(almost, true), std::overflow_error);
  CHECK(almost == almost_here);
}

TEST_CASE("rows are added wherever either side lies") {
  auto const first = random_twins(300, 70, 3, 6), second = random_twins(300, 70, 3, 7);
  auto const counted = [](twins const& what, bool on_device) {
    firing_counts counts(70);
    what.count(counts, on_device);
    return counts;
  };
  auto const expected = census_test::sum(counted(first, false), counted(second, false));
  firing_counts more = expected;
  second.count(more, false);
  for (auto const& [left, right] : {std::pair{true, false}, {false, true}, {true, true}}) {
    auto added = census_test::sum(counted(first, left), counted(second, right));
    CHECK(added == expected);
    second.count(added, true);  // and it goes on
    CHECK(added == more);
  }
}

TEST_CASE("a table of many rows lies in few slabs, within the bytes that it says") {
  CHECK(census::cuda::counts::bytes(10, 2550, 64) >= 64 * (10 + 2 * 9));
  CHECK(census::cuda::counts::bytes(1000, 1000, 64) - census::cuda::counts::bytes(0, 0, 64) == 64 * (1000 + 2 * 3));
  auto const device = census::cuda::detail::device::open(0);
  census::cuda::detail::row_slabs slabs(device, 64);
  slabs.reserve({3, 1, 0});
  auto const narrow = slabs.take(1), other = slabs.take(1), wide = slabs.take(2);
  CHECK(narrow.first != other.first);
  CHECK(wide.cell_bytes == 2);
  slabs.give_back(narrow);
  slabs.reserve({2, 0, 0});  // the one that was given back and the third
  CHECK(slabs.take(1).first == narrow.first);
}

#if defined(CENSUS_FAKE_CUDA)

namespace {

/// Some firings with the keys of their rows, each here and on two devices.
struct spread_twins {
  std::vector<census_test::keyed_firings> here;
  std::vector<std::array<census::cuda::firings, 2>> there;

  void add(census_test::keyed_firings const& portion) {
    here.push_back(portion);
    there.push_back({census_test::sent(portion.firings, 0), census_test::sent(portion.firings, 1)});
  }
  /// Counts a portion on a device, or, by 2, here.
  void count(std::size_t portion, std::size_t place, firing_counts& into) const {
    if (place < 2)
      tabulate(there[portion][place], here[portion].rows, into);
    else
      tabulate(here[portion].firings, here[portion].rows, into);
  }
};

}  // namespace

TEST_CASE("a table may be counted on two devices and here, in any order, and its rows are the sums") {
  census_test::several_devices const two(2);
  spread_twins portions;
  for (std::uint32_t seed = 0; seed < 3; ++seed)
    portions.add(census_test::random_keyed_firings(30, 70, seed == 1 ? 9 : 3, seed));
  firing_counts here(70);
  for (std::size_t i = 0; i < 3; ++i) portions.count(i, 2, here);
  for (std::size_t way = 0; way < 27; ++way) {
    firing_counts mixed(70);
    std::size_t const places[] = {way % 3, way / 3 % 3, way / 9};
    for (std::size_t i = 0; i < 3; ++i) portions.count(i, places[i], mixed);
    CAPTURE(way);
    CHECK(mixed == here);
    firing_counts copy = mixed;
    for (std::size_t i = 0; i < 3; ++i) portions.count(i, (places[i] + 1) % 3, copy);
    CHECK(mixed == here);
    CHECK(copy == census_test::sum(here, here));
    CHECK(census_test::sum(mixed, copy) == census_test::sum(here, copy.at_home()));
  }
}

TEST_CASE("cells widen where the occurrences on all devices together pass 255 and 65,535") {
  census_test::several_devices const two(2);
  firing_counts here(3), there(3);
  std::uint32_t occurrences = 0;
  std::size_t turn = 0;
  spread_twins portions;
  for (std::uint32_t const times : {200u, 55u, 1u, 65'279u, 1u, 300u}) {
    portions.add(census_test::full_keyed_firings(times, 3));
    portions.count(turn, 2, here);
    portions.count(turn, turn % 2, there);
    ++turn;
    occurrences += times;
    CAPTURE(occurrences);
    census_test::check_widened(there, here, occurrences);
  }
}

#endif
