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

/// Lets the first call of the runtime fail, then the second, and so on: each time calls attempt(make()), which says
/// whether it did what it should, then unharmed(value) where it threw. Checks that the error names the call. Returns
/// how many calls there are that can fail.
template <class Make, class Attempt, class Unharmed>
std::uint64_t failing_calls(Make make, Attempt attempt, Unharmed unharmed) {
  for (std::uint64_t call = 1;; ++call) {
    auto value = make();
    bool done = true;
    std::string message;
    fake::fail_at(call);
    try {
      done = attempt(value);
    } catch (census::cuda::device_error const& error) {
      message = error.what();
    }
    bool const failed = fake::has_failed();
    fake::fail_at(0);
    CAPTURE(call, message);
    CHECK(done);
    CHECK(cudaGetLastError() == cudaSuccess);
    if (!failed) return call - 1;
    if (message.empty()) continue;  // a call whose failure does no harm, in a destructor
    CHECK(message.starts_with("CUDA device 0: cuda"));
    CHECK(message.find(" failed: cudaError") != std::string::npos);
    CHECK(unharmed(value));
  }
}

/// Checks at the end of a test that it leaves no memory behind, on the device or page-locked.
class nothing_left_over {
 public:
  ~nothing_left_over() { CHECK(fake::live_allocations() == before_); }

 private:
  std::size_t before_ = fake::live_allocations();
};

bool always(int) { return true; }
int nothing() { return 0; }

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
  auto const pack = [&](int) {
    auto const packed = census::cuda::pack({.data = there.get(), .rows = 3, .neurons = 70}, nullptr);
    return packed.on_host().fires(2, 69);
  };
  std::uint64_t const with_opening = failing_calls(nothing, pack, always);
  auto const held = census::cuda::detail::device::open(0);
  std::uint64_t const without = failing_calls(nothing, pack, always);
  CHECK(with_opening > without);  // the device is opened anew each time
  CHECK(without >= 10);
}

TEST_CASE("whatever fails while firings are counted, the counts are as they were") {
  nothing_left_over const check;
  auto const first = census_test::random_keyed_firings(50, 70, 3, 9);
  auto const second = census_test::random_keyed_firings(700, 70, 2, 10);  // rows that widen
  auto const third = census_test::random_keyed_firings(50, 70, 6, 11);    // rows that are new
  auto const first_here = counted_here(first);
  auto const as_first = [&](firing_counts const& counts) { return counts == first_here; };
  firing_counts const before = counted_there(first);

  for (auto const* const more : {&second, &third}) {
    auto const there = census_test::sent(more->firings);
    auto const both_here = counted_here(*more, first_here);
    auto const count = [&](firing_counts& counts) {
      tabulate(there, more->rows, counts);
      return counts == both_here;
    };
    auto const shared = [&] { return before; };  // of which a copy is made first
    auto const alone = [&] { return counted_there(first); };
    CHECK(failing_calls(shared, count, as_first) > failing_calls(alone, count, as_first));
    CHECK(failing_calls(alone, count, as_first) >= 10);
  }
  auto const there = census_test::sent(first.firings);
  auto const count = [&](firing_counts& counts) {
    tabulate(there, first.rows, counts);
    return counts == first_here;
  };
  auto const none = [](firing_counts const& counts) { return counts == firing_counts(70); };
  CHECK(failing_calls([] { return firing_counts(70); }, count, none) >= 10);
}

TEST_CASE("whatever fails while counts come home, they are as they were") {
  nothing_left_over const check;
  auto const some = census_test::random_keyed_firings(50, 70, 3, 9);
  firing_counts const there = counted_there(some), here = counted_here(some);
  auto const unharmed = [&](firing_counts const& counts) { return counts == here; };
  auto const bring = [&](firing_counts& counts) {
    counts = counts.at_home();
    return counts.is_at_home() && counts == here;
  };
  CHECK(failing_calls([&] { return there; }, bring, unharmed) >= 3);
  auto const add = [&](firing_counts& counts) {
    counts.add(1, there, 1);
    return counts.occurrences(1) == 2 * here.occurrences(1);
  };
  CHECK(failing_calls([&] { return here; }, add, unharmed) >= 3);
}

TEST_CASE("what an accumulator could not observe for a failure it can be shown again") {
  nothing_left_over const check;
  auto const blocks = census_test::random_blocks({.texts = 2, .sequences = 2, .neurons = 20, .layers = 1});
  auto const there = census_test::sent(blocks);
  census::token_coverage here, before, other;
  census::survey(blocks, here);
  before.observe(there[0]);
  other.observe(there[1]);
  auto const make = [&] { return before; };

  auto const observe = [&](census::token_coverage& counted) {
    counted.observe(there[1]);
    return counted == here;
  };
  CHECK(failing_calls(make, observe, observe) >= 10);
  auto const merge = [&](census::token_coverage& counted) {
    counted.merge(other);
    return counted == here;
  };
  CHECK(failing_calls(make, merge, merge) >= 3);
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
