// SPDX-License-Identifier: MIT
// Whatever fails on a device, at whatever call: the error names it, nothing was counted, nothing is lost.
#include <census/accumulator/paper_tables.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/pack.hpp>
#include <census/survey/survey.hpp>
#include <census/tabulation/tabulate.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <support/catch.hpp>
#include <support/keyed_firings.hpp>
#include <support/random_blocks.hpp>

#include <cstdint>
#include <string>
#include <vector>

#if defined(CENSUS_FAKE_CUDA)

namespace {

using census::firing_counts;

/// Lets the first call of the runtime fail, then the second, and so on: each time calls attempt(value) on a new make();
/// then right(value) must be true, or unharmed(value) where it threw. Checks that the error names the call. Returns how
/// many calls there are that can fail.
template <class Make, class Attempt, class Right, class Unharmed>
std::uint64_t failing_calls(Make make, Attempt attempt, Right right, Unharmed unharmed) {
  for (std::uint64_t call = 1;; ++call) {
    auto value = make();
    std::string message;
    fake::fail_at(call);
    try {
      attempt(value);
    } catch (census::cuda::device_error const& error) {
      message = error.what();
    }
    bool const failed = fake::has_failed();
    fake::fail_at(0);
    CAPTURE(call, message);
    CHECK(cudaGetLastError() == cudaSuccess);
    if (message.empty()) {  // also where a call failed that does no harm, in a destructor
      CHECK(right(value));
    } else {
      CHECK((message.starts_with("CUDA device 0: cuda") || message.starts_with("CUDA device 1: cuda")));
      CHECK(message.find(" failed: cudaError") != std::string::npos);
      CHECK(unharmed(value));
    }
    if (!failed) return call - 1;
  }
}

/// Checks at the end of a test that it leaves no memory behind, on the device or page-locked.
class nothing_left_over {
 public:
  ~nothing_left_over() { CHECK(fake::live_allocations() == before_); }

 private:
  std::size_t before_ = fake::live_allocations();
};

firing_counts counted_here(census_test::keyed_firings const& what, firing_counts into = firing_counts(70)) {
  tabulate(what.firings, what.rows, into);
  return into;
}
firing_counts counted_there(census_test::keyed_firings const& what, firing_counts into = firing_counts(70)) {
  tabulate(census_test::sent(what.firings), what.rows, into);
  return into;
}

}  // namespace

TEST_CASE("whatever fails while values are packed, the error names it, and nothing is left over") {
  nothing_left_over const check;
  auto const there = census_test::on_device(std::vector<float>(3 * 70, 1.f));
  auto const none = [] { return census::packed_firings(); };
  auto const pack = [&](census::packed_firings& into) {
    into = census::cuda::pack({.data = there.get(), .rows = 3, .neurons = 70}, nullptr).on_host();
  };
  auto const right = [](census::packed_firings const& packed) { return packed.fires(2, 69); };
  auto const unharmed = [](census::packed_firings const& packed) { return packed.rows() == 0; };
  std::uint64_t const with_opening = failing_calls(none, pack, right, unharmed);
  auto const held = census::cuda::detail::device::open(0);
  std::uint64_t const without = failing_calls(none, pack, right, unharmed);
  CHECK(with_opening > without);  // the device is opened anew each time
  CHECK(without >= 10);
}

TEST_CASE("whatever fails while firings are counted, the counts are as they were") {
  nothing_left_over const check;
  auto const first = census_test::random_keyed_firings(50, 70, 3, 9);
  auto const wider = census_test::random_keyed_firings(700, 70, 2, 10);
  auto const with_new = census_test::random_keyed_firings(50, 70, 6, 11);
  auto const first_here = counted_here(first);
  firing_counts const first_there = counted_there(first);
  auto const shared = [&] { return first_there; };  // of which a copy is made first
  auto const alone = [&] { return counted_there(first); };
  auto const as_first = [&](firing_counts const& counts) { return counts == first_here; };

  for (auto const* const more : {&wider, &with_new}) {
    auto const there = census_test::sent(more->firings);
    auto const count = [&](firing_counts& counts) { tabulate(there, more->rows, counts); };
    auto const both_here = counted_here(*more, first_here);
    auto const as_both = [&](firing_counts const& counts) { return counts == both_here; };
    std::uint64_t const calls = failing_calls(alone, count, as_both, as_first);
    CHECK(calls >= 10);
    CHECK(failing_calls(shared, count, as_both, as_first) > calls);
  }
  auto const there = census_test::sent(first.firings);
  auto const count = [&](firing_counts& counts) { tabulate(there, first.rows, counts); };
  auto const none = [](firing_counts const& counts) { return counts == firing_counts(70); };
  CHECK(failing_calls([] { return firing_counts(70); }, count, as_first, none) >= 10);
}

TEST_CASE("whatever fails on either of two devices while firings are counted, the counts are as they were") {
  nothing_left_over const check;
  census_test::several_devices const two(2);
  auto const first = census_test::random_keyed_firings(50, 70, 3, 9);
  auto const second = census_test::random_keyed_firings(300, 70, 4, 10);
  auto const counted = [&](census_test::keyed_firings const& what, int device, firing_counts into) {
    tabulate(census_test::sent(what.firings, device), what.rows, into);
    return into;
  };
  firing_counts const both = counted(first, 1, counted(first, 0, firing_counts(70)));
  auto const both_here = counted_here(first, counted_here(first)), all_here = counted_here(second, both_here);
  auto const as_both = [&](firing_counts const& counts) { return counts == both_here; };
  auto const as_all = [&](firing_counts const& counts) { return counts == all_here; };
  for (int const device : {0, 1}) {
    CAPTURE(device);
    auto const there = census_test::sent(second.firings, device);
    auto const count = [&](firing_counts& counts) { tabulate(there, second.rows, counts); };
    CHECK(failing_calls([&] { return both; }, count, as_all, as_both) >= 10);
  }
  auto const bring = [](firing_counts& counts) { counts = counts.at_home(); };
  CHECK(failing_calls([&] { return both; }, bring, as_both, as_both) >= 6);
}

TEST_CASE("whatever fails while counts come home, they are as they were") {
  nothing_left_over const check;
  auto const some = census_test::random_keyed_firings(50, 70, 3, 9);
  firing_counts const there = counted_there(some), here = counted_here(some);
  auto const as_here = [&](firing_counts const& counts) { return counts == here; };
  auto const bring = [](firing_counts& counts) { counts = counts.at_home(); };
  auto const is_home = [&](firing_counts const& counts) { return counts.is_at_home() && counts == here; };
  CHECK(failing_calls([&] { return there; }, bring, is_home, as_here) >= 3);

  auto const add = [&](firing_counts& counts) { counts.add(1, there, 1); };
  firing_counts more = here;
  more.add(1, here, 1);
  auto const as_more = [&](firing_counts const& counts) { return counts == more; };
  CHECK(failing_calls([&] { return here; }, add, as_more, as_here) >= 3);
}

TEST_CASE("what an accumulator could not observe or merge for a failure it can be shown again") {
  nothing_left_over const check;
  auto const blocks = census_test::random_blocks({.texts = 2, .sequences = 2, .neurons = 20, .layers = 1});
  auto const there = census_test::sent(blocks);
  census::token_coverage here, before, other;
  census::survey(blocks, here);
  before.observe(there[0]);
  other.observe(there[1]);
  auto const make = [&] { return before; };
  auto const right = [&](census::token_coverage const& counted) { return counted == here; };

  auto const observe = [&](census::token_coverage& counted) { counted.observe(there[1]); };
  auto const observe_again = [&](census::token_coverage& counted) {
    observe(counted);
    return right(counted);
  };
  CHECK(failing_calls(make, observe, right, observe_again) >= 10);
  auto const merge = [&](census::token_coverage& counted) { counted.merge(other); };
  auto const merge_again = [&](census::token_coverage& counted) {
    merge(counted);
    return right(counted);
  };
  CHECK(failing_calls(make, merge, right, merge_again) >= 3);
}

TEST_CASE("where a device has too little memory, the error tells so, and what was counted stays") {
  nothing_left_over const check;
  auto const some = census_test::random_keyed_firings(50, 70, 3, 9);
  auto const more = census_test::random_keyed_firings(500, 70, 450, 9);
  firing_counts counts = counted_there(some);
  auto const there = census_test::sent(more.firings);
  fake::set_memory(40'000);
  CHECK_THROWS_WITH(
      tabulate(there, more.rows, counts),
      Catch::Matchers::Contains("cudaMallocFromPoolAsync failed: cudaErrorMemoryAllocation (out of memory), ") &&
          Catch::Matchers::EndsWith(" bytes were asked for"));
  CHECK(counts == counted_here(some));
  fake::set_memory(std::size_t{1} << 40);
  tabulate(there, more.rows, counts);
  CHECK(counts == counted_here(more, counted_here(some)));
}

#endif
