// SPDX-License-Identifier: MIT
// Counts that lie where the host cannot read them, by the archetype of a backend.
#include <census/tabulation/remote_counts.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/keyed_firings.hpp>

#include <utility>
#include <vector>

namespace {

using census::firing_counts;
using census::key_rows;

static_assert(census::shaped_firings<far_away::firings>);
static_assert(!census::shaped_firings<std::vector<float>>);

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

/// Another backend's counts, which are all zero.
class no_counts final : public census::remote_counts {
  std::shared_ptr<remote_counts> copy() const override { return std::make_shared<no_counts>(*this); }
  std::uint32_t cell_bytes(std::size_t) const override { return 0; }
  void bring(std::span<brought_row const>) const override {}
};

}  // namespace

TEST_CASE("where another backend takes over, what the first one counted comes home first") {
  auto const device = std::make_shared<far_away::device>();
  auto const portion = random_portion(device, 50, 70, 3, 11);
  firing_counts counts(70), here(70);
  tabulate(portion.there, portion.rows, counts);
  tabulate(portion.here, portion.rows, here);
  auto const silent = census::pack({std::vector<float>(50 * 70, -1.f), 70});
  counts.count_remotely<no_counts>(
      silent, portion.rows, [] { return std::make_shared<no_counts>(); }, [](no_counts&) {});
  tabulate(silent, portion.rows, here);
  CHECK(device->rows_brought == 3);
  CHECK(counts == here);
}
