// SPDX-License-Identifier: MIT
// Whatever fails on a device, at whatever call: the error names it, nothing was counted, nothing is lost.
#include <census/accumulator/paper_tables.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/dlpack.hpp>
#include <census/cuda/pack.hpp>
#include <census/survey/survey.hpp>

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

/// Lets the first call of the runtime fail, then the second, and so on: each time calls attempt(copy of before), then
/// unharmed(copy) where it threw. Checks that the error names the call, and that no memory is left over. Returns how
/// many calls there are that can fail.
template <class Value, class Attempt, class Unharmed>
std::uint64_t failing_calls(Value const& before, Attempt attempt, Unharmed unharmed) {
  std::size_t const allocations = fake::live_allocations();
  for (std::uint64_t call = 1;; ++call) {
    CAPTURE(call);
    {
      Value value = before;
      std::string message;
      fake::fail_at(call);
      try {
        attempt(value);
      } catch (census::cuda::device_error const& error) {
        message = error.what();
      }
      bool const failed = fake::has_failed();
      fake::fail_at(0);
      if (!failed) return call - 1;
      if (!message.empty()) {
        CHECK(message.starts_with("CUDA device 0: cuda"));
        CHECK(message.find(" failed: cudaError") != std::string::npos);
        CHECK(unharmed(value));
      }
    }
    CHECK(fake::live_allocations() == allocations);
    CHECK(cudaGetLastError() == cudaSuccess);
  }
}

struct nothing {};
auto const nothing_to_harm = [](nothing) { return true; };

}  // namespace

TEST_CASE("whatever fails while values are packed, the error names it, and nothing is left over") {
  auto const there = census_test::on_device(std::vector<float>(3 * 70, 1.f));
  auto const pack = [&](nothing) {
    auto const packed = census::cuda::pack({.data = there.get(), .rows = 3, .neurons = 70}, nullptr);
    CHECK(packed.on_host().fires(2, 69));
  };
  CHECK(failing_calls(nothing{}, pack, nothing_to_harm) >= 15);  // the device is opened anew each time

  auto const held = census::cuda::detail::device::open(0);
  CHECK(failing_calls(nothing{}, pack, nothing_to_harm) >= 10);
}

TEST_CASE("whatever fails while firings are counted, the counts are as they were") {
  auto const first = census_test::random_keyed_firings(50, 70, 3, 9);
  auto const second = census_test::random_keyed_firings(700, 70, 6, 10);  // rows that are new, and rows that widen
  auto const first_there = census_test::sent(first.firings), second_there = census_test::sent(second.firings);
  firing_counts before(70), before_here(70), both_here(70);
  tabulate(first_there, first.rows, before);
  tabulate(first.firings, first.rows, before_here);
  both_here = before_here;
  tabulate(second.firings, second.rows, both_here);
  auto const unharmed = [&](firing_counts const& counts) { return counts == before_here; };

  auto const count = [&](firing_counts& counts) {
    tabulate(second_there, census::key_rows(second.rows), counts);
    CHECK(counts == both_here);
  };
  CHECK(failing_calls(before, count, unharmed) >= 10);  // a copy of its own, cells, keys, two launches

  CHECK(failing_calls(
            firing_counts(70), [&](firing_counts& counts) { tabulate(second_there, second.rows, counts); },
            [](firing_counts const& counts) { return counts == firing_counts(70); }) >= 10);

  auto own = before;
  tabulate(first_there, first.rows, own);  // shared with no copy
  firing_counts own_here = before_here;
  tabulate(first.firings, first.rows, own_here);
  auto const after = census_test::sum(own_here, both_here);
  for (std::uint64_t call = 1, failed = 1; failed != 0; ++call) {
    fake::fail_at(call);
    failed = 0;
    try {
      tabulate(second_there, second.rows, own);
    } catch (census::cuda::device_error const&) {
      failed = 1;
    }
    fake::fail_at(0);
    if (failed != 0) CHECK(own == own_here);
  }
  tabulate(first.firings, first.rows, own);
  CHECK(own == after);
}

TEST_CASE("whatever fails while counts come home, they are as they were") {
  auto const some = census_test::random_keyed_firings(50, 70, 3, 9);
  firing_counts before(70), before_here(70);
  tabulate(census_test::sent(some.firings), some.rows, before);
  tabulate(some.firings, some.rows, before_here);
  auto const unharmed = [&](firing_counts const& counts) { return counts == before_here; };
  auto const bring = [&](firing_counts& counts) {
    counts = counts.at_home();
    CHECK(counts == before_here);
  };
  CHECK(failing_calls(before, bring, unharmed) >= 3);
  CHECK(failing_calls(
            before_here, [&](firing_counts& counts) { counts.add(1, before, 1); }, unharmed) >= 1);
}

TEST_CASE("what an accumulator could not observe for a failure it can be shown again") {
  auto const blocks = census_test::random_blocks({.texts = 2, .sequences = 2, .neurons = 20, .layers = 1});
  auto const there = census_test::sent(blocks);
  census::token_coverage here;
  census::survey(blocks, here);
  census::token_coverage before;
  before.observe(there[0]);
  auto const observe = [&](census::token_coverage& counted) {
    counted.observe(there[1]);
    CHECK(counted == here);
  };
  auto const again = [&](census::token_coverage counted) {
    counted.observe(there[1]);
    return counted == here;
  };
  CHECK(failing_calls(before, observe, again) >= 10);

  census::token_coverage other;
  other.observe(there[1]);
  auto const merge = [&](census::token_coverage& counted) {
    counted.merge(other);
    CHECK(counted == here);
  };
  auto const merge_again = [&](census::token_coverage counted) {
    counted.merge(other);
    return counted == here;
  };
  CHECK(failing_calls(before, merge, merge_again) >= 2);
}

TEST_CASE("where a device has too little memory, the error tells so, and what was counted stays") {
  auto const some = census_test::random_keyed_firings(50, 70, 3, 9), more = census_test::random_keyed_firings(2000, 70, 1900, 9);
  firing_counts counts(70), here(70);
  tabulate(census_test::sent(some.firings), some.rows, counts);
  tabulate(some.firings, some.rows, here);
  auto const there = census_test::sent(more.firings);
  fake::set_memory(150'000);
  CHECK_THROWS_WITH(tabulate(there, more.rows, counts), Catch::Matchers::Contains("cudaMallocFromPoolAsync failed: cudaErrorMemoryAllocation (out of memory), ") &&
                                                            Catch::Matchers::EndsWith(" bytes were asked for"));
  CHECK(counts == here);
  fake::set_memory(std::size_t{1} << 40);
  tabulate(there, more.rows, counts);
  tabulate(more.firings, more.rows, here);
  CHECK(counts == here);
}

#endif
