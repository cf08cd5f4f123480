// SPDX-License-Identifier: MIT
// Counts that lie where the host cannot read them, by the archetype of a backend.
#include <census/tabulation/remote_counts.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/keyed_firings.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using census::firing_counts;
using census::key_rows;

static_assert(census::shaped_firings<far_away::firings>);
static_assert(!census::shaped_firings<std::vector<float>>);
static_assert(census::remote_counts_of<far_away::counts, far_away::firings>);
static_assert(!census::remote_counts_of<far_away::counts, census::packed_firings>);
static_assert(!census::remote_counts_of<census::remote_counts, far_away::firings>);

/// The same firings here and far away, with the keys of their rows.
struct portion {
  census::packed_firings here;
  far_away::firings there;
  key_rows rows;
};

portion with_far_twin(std::shared_ptr<far_away::device> const& on, census_test::keyed_firings const& here) {
  return {here.firings, {on, here.firings}, here.rows};
}

portion random_portion(std::shared_ptr<far_away::device> const& on, std::size_t count, std::size_t neurons,
                       std::uint32_t keys, std::uint32_t seed) {
  return with_far_twin(on, census_test::random_keyed_firings(count, neurons, keys, seed));
}

portion full_portion(std::shared_ptr<far_away::device> const& on, std::size_t count, std::size_t neurons) {
  return with_far_twin(on, census_test::full_keyed_firings(count, neurons));
}

}  // namespace

TEST_CASE("counts made far away are those made here, and come home only when they are asked for") {
  auto const device = std::make_shared<far_away::device>();
  for (std::size_t const neurons : {1, 64, 70, 129}) {
    firing_counts here(neurons), there(neurons);
    for (std::uint32_t seed = 0; seed < 3; ++seed) {
      auto const portion = random_portion(device, 40, neurons, 1 + 4 * seed, seed);
      tabulate(portion.here, portion.rows, here);
      tabulate(portion.there, portion.rows, there);
    }
    CHECK(device->rows_brought == 0);
    census_test::check_elsewhere(there, here);
    device->rows_brought = 0;
  }
}

TEST_CASE("a table may be counted some here and some far away, in any order, also row by row") {
  auto const device = std::make_shared<far_away::device>();
  std::vector<portion> portions;
  for (std::uint32_t seed = 0; seed < 5; ++seed)
    portions.push_back(random_portion(device, 100, 70, seed == 2 ? 9 : 3, seed));  // one has rows that no other has
  firing_counts here(70);
  for (auto const& portion : portions) tabulate(portion.here, portion.rows, here);
  for (unsigned far = 0; far < 32; ++far) {  // each way to part five portions
    firing_counts mixed(70);
    for (std::size_t i = 0; i < portions.size(); ++i)
      if (far >> i & 1)
        tabulate(portions[i].there, portions[i].rows, mixed);
      else
        tabulate(portions[i].here, portions[i].rows, mixed);
    CAPTURE(far);
    CHECK(mixed == here);
    CHECK(mixed.at_home() == here);
    CHECK(mixed.is_at_home() == (far == 0));
  }
}

TEST_CASE("a copy of counts far away is independent of its original") {
  auto const device = std::make_shared<far_away::device>();
  auto const first = random_portion(device, 50, 70, 4, 1), second = random_portion(device, 50, 70, 4, 2);
  firing_counts here(70), there(70);
  tabulate(first.here, first.rows, here);
  tabulate(first.there, first.rows, there);
  auto copy = there, copy_here = here;
  tabulate(second.there, second.rows, copy);
  CHECK(there == here);
  tabulate(second.here, second.rows, copy_here);
  CHECK(copy == copy_here);
  tabulate(second.there, second.rows, there);  // alone with its counts again: no further copy is made
  CHECK(there == copy_here);
}

TEST_CASE("cells widen far away where occurrences pass 255 and 65,535, wherever those were counted") {
  auto const device = std::make_shared<far_away::device>();
  for (bool const mixed : {false, true}) {
    firing_counts here(3), there(3);
    std::uint32_t occurrences = 0, turn = 0;
    for (std::uint32_t const times : {255u, 1u, 65'279u, 1u, 300u}) {
      auto const portion = full_portion(device, times, 3);
      tabulate(portion.here, portion.rows, here);
      if (mixed && turn++ % 2 == 0)
        tabulate(portion.here, portion.rows, there);
      else
        tabulate(portion.there, portion.rows, there);
      occurrences += times;
      CAPTURE(mixed, occurrences);
      census_test::check_widened(there, here, occurrences);
    }
  }
}

TEST_CASE("occurrences are checked here before anything is counted far away") {
  auto const device = std::make_shared<far_away::device>();
  constexpr std::uint64_t most = 0xffff'ffff;
  auto const portion = random_portion(device, 3, 1, 1, 5);
  std::size_t const occurrences = portion.rows.order().size();
  firing_counts almost = census_test::occurring(most - occurrences);
  firing_counts full = census_test::occurring(most - occurrences + 1);
  tabulate(portion.there, portion.rows, almost);
  CHECK(almost.occurrences(0) == most);
  firing_counts const before = full;
  CHECK_THROWS_AS(tabulate(portion.there, portion.rows, full), std::overflow_error);
  CHECK(full == before);
  CHECK(full.is_at_home());
}

TEST_CASE("rows are added wherever either side lies") {
  auto const device = std::make_shared<far_away::device>();
  auto const first = random_portion(device, 300, 70, 3, 6), second = random_portion(device, 300, 70, 3, 7);
  auto const counted = [&](portion const& what, bool far) {
    firing_counts counts(70);
    if (far)
      tabulate(what.there, what.rows, counts);
    else
      tabulate(what.here, what.rows, counts);
    return counts;
  };
  using census_test::sum;
  auto const expected = sum(counted(first, false), counted(second, false));
  for (auto const& [left, right] : {std::pair{true, false}, {false, true}, {true, true}}) {
    auto added = sum(counted(first, left), counted(second, right));
    CHECK(added == expected);
    tabulate(second.there, second.rows, added);  // and it goes on
    auto more = expected;
    tabulate(second.here, second.rows, more);
    CHECK(added == more);
  }
}

TEST_CASE("shapes that disagree are refused by name, far away as here") {
  auto const device = std::make_shared<far_away::device>();
  auto const portion = random_portion(device, 3, 70, 2, 8);
  firing_counts counts(71), right(70);
  CHECK_THROWS_WITH(tabulate(portion.there, portion.rows, counts),
                    "census::tabulate: firings of 3 rows and 70 neurons cannot be counted by the keys of 3 rows into "
                    "counts of 71 neurons");
  CHECK_THROWS_AS(tabulate(portion.there, key_rows(std::vector<std::uint32_t>{0, 0}), right), std::invalid_argument);
  CHECK(right == firing_counts(70));
}

TEST_CASE("whatever fails far away, the counts are as they were") {
  auto const device = std::make_shared<far_away::device>();
  auto const first = random_portion(device, 50, 70, 3, 9);
  firing_counts before(70), before_here(70);
  tabulate(first.there, first.rows, before);
  tabulate(first.here, first.rows, before_here);
  auto const unharmed = [&](firing_counts const& counts) { return counts == before_here; };

  auto const second = random_portion(device, 50, 70, 6, 10);
  int const steps = failing_steps(
      *device, before, [&](firing_counts& counts) { tabulate(second.there, second.rows, counts); }, unharmed);
  CHECK(device->key_rows_uploaded == 2);
  CHECK(steps == 1 + 6);  // a copy of its own and each row; the keys failed once, and were there from then on

  auto const fresh = firing_counts(70);
  CHECK(failing_steps(
            *device, fresh, [&](firing_counts& counts) { tabulate(second.there, second.rows, counts); },
            [&](firing_counts const& counts) { return counts == fresh; }) == 1 + 6);  // counts of its own and each row
  CHECK(failing_steps(
            *device, before, [](firing_counts& counts) { counts = counts.at_home(); }, unharmed) == 3);
  CHECK(failing_steps(
            *device, before_here, [&](firing_counts& counts) { counts.add(1, before, 1); }, unharmed) == 1);
}

namespace {

using devices = std::array<std::shared_ptr<far_away::device>, 2>;

devices two_devices() { return {std::make_shared<far_away::device>(), std::make_shared<far_away::device>()}; }

/// The same firings here and on two devices, with the keys of their rows.
struct triplet {
  census::packed_firings here;
  std::array<far_away::firings, 2> there;
  key_rows rows;

  triplet(devices const& on, census_test::keyed_firings const& keyed)
      : here(keyed.firings), there{{{on[0], keyed.firings}, {on[1], keyed.firings}}}, rows(keyed.rows) {}

  /// Counts them on the first device, the second, or, by 2, here.
  void count(std::size_t place, firing_counts& into) const {
    if (place < 2)
      tabulate(there[place], rows, into);
    else
      tabulate(here, rows, into);
  }
};

}  // namespace

TEST_CASE("a table may be counted in two memories far away and here, in any order, also row by row") {
  auto const on = two_devices();
  std::vector<triplet> portions;
  for (std::uint32_t seed = 0; seed < 4; ++seed)
    portions.emplace_back(on, census_test::random_keyed_firings(100, 70, seed == 2 ? 9 : 3, seed));
  firing_counts here(70);
  for (triplet const& portion : portions) portion.count(2, here);
  for (std::size_t way = 0; way < 3 * 3 * 3 * 3; ++way) {
    firing_counts mixed(70);
    std::size_t place = way;
    for (triplet const& portion : portions) portion.count(place % 3, mixed), place /= 3;
    CAPTURE(way);
    CHECK(mixed == here);
    CHECK(mixed.at_home() == here);
    CHECK(mixed.select(std::vector<std::uint32_t>{8, 0, 0}) == here.select(std::vector<std::uint32_t>{8, 0, 0}));
  }
}

TEST_CASE("cells widen where the occurrences in all memories together pass 255 and 65,535") {
  auto const on = two_devices();
  firing_counts here(3), there(3);
  std::uint32_t occurrences = 0;
  std::size_t turn = 0;
  for (std::uint32_t const times : {200u, 55u, 1u, 65'279u, 1u, 300u}) {
    triplet const portion(on, census_test::full_keyed_firings(times, 3));
    portion.count(2, here);
    portion.count(turn++ % 2, there);
    occurrences += times;
    CAPTURE(occurrences);
    census_test::check_widened(there, here, occurrences);
  }
}

TEST_CASE("occurrences in all memories together are checked before anything is counted in one of them") {
  auto const on = two_devices();
  constexpr std::uint32_t most = 0xffff'ffff;
  firing_counts counts = census_test::occurring(most - 2);
  triplet const once(on, {census::pack({std::vector<float>{1}, 1}), key_rows(std::vector<std::uint32_t>{0})});
  once.count(0, counts);
  once.count(1, counts);
  auto const full = counts.at_home();
  CHECK(full.counts(0)[0] == most);
  CHECK_THROWS_AS(once.count(0, counts), std::overflow_error);
  CHECK_THROWS_AS(once.count(1, counts), std::overflow_error);
  CHECK(counts == full);
}

TEST_CASE("rows that lie in two memories are added to others, and copies of them are independent") {
  auto const on = two_devices();
  triplet const first(on, census_test::random_keyed_firings(300, 70, 3, 6)),
      second(on, census_test::random_keyed_firings(300, 70, 3, 7));
  firing_counts both_there(70), both_here(70), second_here(70);
  first.count(0, both_there), second.count(1, both_there);
  first.count(2, both_here), second.count(2, both_here), second.count(2, second_here);

  firing_counts copy = both_there;
  second.count(0, copy);
  CHECK(both_there == both_here);
  CHECK(copy == census_test::sum(both_here, second_here));
  CHECK(census_test::sum(both_there, copy) == census_test::sum(both_here, copy.at_home()));
  auto added = census_test::sum(second_here, both_there);
  CHECK(added == census_test::sum(both_here, second_here));
  first.count(1, added);
  second.count(1, both_there);
  CHECK(both_there == copy);
}

TEST_CASE("whatever fails in one of two memories far away, the counts are as they were") {
  auto const on = two_devices();
  triplet const first(on, census_test::random_keyed_firings(50, 70, 3, 9)),
      second(on, census_test::random_keyed_firings(50, 70, 6, 10));
  firing_counts both(70), both_here(70), one(70), one_here(70);
  first.count(0, both), first.count(1, both), first.count(0, one);
  first.count(2, both_here), first.count(2, both_here), first.count(2, one_here);
  for (std::size_t const failing : {0, 1}) {
    auto const failures = [&](firing_counts const& before, firing_counts const& expected, auto attempt) {
      return failing_steps(*on[failing], before, attempt, [&](firing_counts const& now) { return now == expected; });
    };
    auto const count = [&](firing_counts& counts) { second.count(failing, counts); };
    CAPTURE(failing);
    CHECK(failures(both, both_here, count) == 1 + 6);  // a copy of its own and each row; as if there were one memory
    CHECK(failures(one, one_here, count) == 1 + 6);
    CHECK(failures(both, both_here, [](firing_counts& counts) { counts = counts.at_home(); }) == 3);
    CHECK(failures(one_here, one_here, [&](firing_counts& counts) { counts.add(1, both, 1); }) == 1);
  }
}

namespace {

/// Another backend's counts, which are all zero.
class no_counts final : public census::remote_counts {
 public:
  std::shared_ptr<remote_counts> copy() const override { return std::make_shared<no_counts>(*this); }
  std::uint32_t cell_bytes(std::size_t) const override { return 0; }
  void bring(std::span<brought_row const>) const override {}
  bool lies_with(census::packed_firings const&) const { return true; }
};

}  // namespace

TEST_CASE("what two backends counted lies side by side, and nothing comes home for it") {
  auto const device = std::make_shared<far_away::device>();
  auto const portion = random_portion(device, 50, 70, 3, 11);
  firing_counts counts(70), here(70);
  tabulate(portion.there, portion.rows, counts);
  tabulate(portion.here, portion.rows, here);
  auto const silent = census::pack({std::vector<float>(50 * 70, -1.f), 70});
  counts.count_remotely<no_counts>(
      silent, portion.rows, [] { return std::make_shared<no_counts>(); }, [](no_counts&) {});
  tabulate(silent, portion.rows, here);
  CHECK(device->rows_brought == 0);
  CHECK(counts == here);
}
