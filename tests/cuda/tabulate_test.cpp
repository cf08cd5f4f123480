// SPDX-License-Identifier: MIT
#include <census/cuda/pack.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/tabulation/tabulate.hpp>

#include <cuda/support/callers.hpp>
#include <support/catch.hpp>
#include <support/keyed_firings.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

using census::firing_counts;
using census::key_rows;

TEST_CASE("counts made on a device are those made here, and come home only when they are asked for") {
  for (std::size_t const neurons : {1, 64, 70, 129}) {
    firing_counts here(neurons), there(neurons);
    for (std::uint32_t seed = 0; seed < 3; ++seed) {
      auto const portion = census_test::random_keyed_firings(40, neurons, 1 + 4 * seed, seed);
      tabulate(portion.firings, portion.rows, here);
      tabulate(census_test::sent(portion.firings), portion.rows, there);  // they may go before they were counted
    }
    census_test::check_elsewhere(there, here);
  }
}

TEST_CASE("texts whose rows nobody counts, and layers without neurons, are counted as well") {
  auto const firings = census_test::random_keyed_firings(4, 5, 1, 1).firings;
  firing_counts none(5);
  tabulate(census_test::sent(firings), key_rows(std::vector<std::uint32_t>(4, census::not_counted)), none);
  CHECK(none == firing_counts(5));

  firing_counts here(0), there(0);
  key_rows const rows(std::vector<std::uint32_t>{0, 1, 0});
  tabulate(census::packed_firings(nullptr, 3, 0), rows, here);
  tabulate(census::cuda::pack({.data = nullptr, .rows = 3, .neurons = 0}, nullptr), rows, there);
  CHECK(there == here);
  CHECK(there.occurrences(0) == 2);
}

TEST_CASE("shapes that disagree are refused by name, on a device as here") {
  auto const portion = census_test::random_keyed_firings(3, 70, 2, 8);
  auto const there = census_test::sent(portion.firings);
  firing_counts counts(71), right(70);
  CHECK_THROWS_WITH(tabulate(there, portion.rows, counts),
                    "census::tabulate: firings of 3 rows and 70 neurons cannot be counted by the keys of 3 rows into "
                    "counts of 71 neurons");
  CHECK_THROWS_AS(tabulate(there, key_rows(std::vector<std::uint32_t>{0, 0}), right), std::invalid_argument);
  CHECK(right == firing_counts(70));
}

TEST_CASE("a text's keys are sent to a device once, for all layers and tables") {
  auto const device = census::cuda::detail::device::open(0);
  auto const uploads = census::cuda::detail::uploads::of(device);
  key_rows const rows(std::vector<std::uint32_t>{1, 0, 1}), equal(std::vector<std::uint32_t>{1, 0, 1});
  auto const order = uploads->order_of(rows);
  CHECK(uploads->order_of(key_rows(rows)) == order);
  CHECK(uploads->order_of(equal) != order);
  for (std::uint32_t text = 0; text < 40; ++text) uploads->order_of(key_rows(std::vector<std::uint32_t>{text}));
  std::vector<std::uint32_t> brought(3);
  census::cuda::detail::bring(*device, order->data(), std::span(brought));  // held here, though forgotten there
  CHECK(brought == std::vector<std::uint32_t>{1, 0, 2});
  CHECK(uploads->order_of(rows) != order);
}

TEST_CASE("what is sent to a device may change at once, however much is under way") {
  auto const device = census::cuda::detail::device::open(0);
  auto const uploads = census::cuda::detail::uploads::of(device);
  std::vector<census::cuda::detail::device_array<std::uint32_t>> there;
  std::vector<std::uint32_t> values;
  for (std::uint32_t i = 0; i < 30; ++i) {
    values.assign(1 + 1000 * (i % 3), i);
    there.push_back(uploads->send(std::span<std::uint32_t const>(values)));
  }
  for (std::uint32_t i = 0; i < 30; ++i) {
    std::vector<std::uint32_t> brought(there[i].size());
    census::cuda::detail::bring(*device, there[i].data(), std::span(brought));
    CHECK(brought == std::vector<std::uint32_t>(1 + 1000 * (i % 3), i));
  }
}

TEST_CASE("what comes home in many pieces comes whole, however much it is") {
  auto const device = census::cuda::detail::device::open(0);
  auto const uploads = census::cuda::detail::uploads::of(device);
  std::vector<census::cuda::detail::device_array<std::uint32_t>> there;
  std::vector<std::vector<std::uint32_t>> here;
  std::vector<census::cuda::detail::downloads::piece> pieces;
  for (std::uint32_t const size : {1u, 1'500'000u, 3u, 1'000'000u, 2'500'000u, 0u, 2u}) {  // up to 10 MB
    std::vector<std::uint32_t> const values(size, size);
    there.push_back(uploads->send(std::span(values)));
    here.emplace_back(size);
  }
  for (std::size_t i = 0; i < here.size(); ++i)
    pieces.push_back({there[i].data(), std::as_writable_bytes(std::span(here[i]))});
  census::cuda::detail::downloads::of(device)->bring(pieces);
  for (auto const& values : here) CHECK(std::ranges::count(values, values.size()) == std::ssize(values));
}
