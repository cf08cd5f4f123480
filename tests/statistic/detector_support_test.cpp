// SPDX-License-Identifier: MIT
#include <census/statistic/detector_support.hpp>
#include <census/statistic/wilson_interval.hpp>

#include <support/catch.hpp>
#include <support/planted_table.hpp>

#include <random>

using keys = std::vector<census::key_firings>;

TEST_CASE("supported are the detected keys that occur at least 73 times") {
  keys const detected{{0, 72, 72}, {1, 73, 73}, {2, 900, 910}, {3, 1, 1}};
  CHECK(census::supported(detected, census::fewest_that_support()) == 2);
  CHECK(census::supported(detected, 1) == 4);
  CHECK(census::supported({}, 73) == 0);
}

TEST_CASE("a detector is supported where keys that say something hold as much of its firings as is asked for") {
  auto const with = [](std::optional<std::uint64_t> supported_firings) {
    return census::is_supported(census::detector{0, 1, 400, {}, true, supported_firings});
  };
  CHECK(with(380) == true);
  CHECK(with(379) == false);
  CHECK(with({}) == std::nullopt);
}

TEST_CASE("support is counted at keys that occur often enough and are fired at in two documents") {
  std::vector<census::detector> detectors{{3, 3, 250, {{7, 100, 100}, {2, 77, 80}, {4, 73, 73}}, true},
                                          {5, 1, 72, {{7, 72, 72}}, true},
                                          {8, 2, 90, {{9, 90, 90}}, true}};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> asked;
  census::note_support(
      detectors, 73, [](std::uint32_t row) { return 10 * row; },
      [&](std::span<census::neuron_at_key const> all) {
        std::vector<bool> in_two;
        for (auto const& one : all) asked.emplace_back(one.neuron, one.key), in_two.push_back(one.key != 20);
        return in_two;
      });
  CHECK(asked == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{3, 70}, {3, 20}, {3, 40}, {8, 90}});
  CHECK(detectors[0].supported_firings == 173);  // not the 77 of one document alone
  CHECK(detectors[1].supported_firings == 0);
  CHECK(detectors[2].supported_firings == 90);
}

TEST_CASE("the repeat rate is the share of firings among all pairs of a firing and another occurrence of its key") {
  std::mt19937 random(4);
  std::vector<std::vector<std::uint32_t>> counts;
  std::vector<std::uint32_t> occurrences;
  double pairs = 0, fired = 0;
  for (int key = 0; key < 12; ++key) {
    std::vector<bool> fires(1 + random() % 9);
    for (std::size_t i = 0; i < fires.size(); ++i) fires[i] = random() % 3 != 0;
    counts.push_back({static_cast<std::uint32_t>(std::ranges::count(fires, true)), 0});
    occurrences.push_back(static_cast<std::uint32_t>(fires.size()));
    for (std::size_t one = 0; one < fires.size(); ++one)
      for (std::size_t other = 0; other < fires.size(); ++other)
        if (one != other && fires[one]) ++pairs, fired += fires[other];
  }
  auto const rates = census::repeat_rates(census_test::planted_table(counts, occurrences));
  REQUIRE(rates.size() == 2);
  CHECK(rates[0].value() == Approx(fired / pairs).epsilon(1e-15));
  CHECK(rates[1] == std::nullopt);
}

TEST_CASE("keys that occur once say nothing about repeating, and large counts do not overflow") {
  CHECK(census::repeat_rate_of(keys{{0, 1, 1}, {1, 1, 1}}) == std::nullopt);
  CHECK(census::repeat_rate_of(keys{{0, 1, 1}, {1, 2, 3}}) == 0.5);  // 2·1 of 2·2
  CHECK(census::repeat_rate_of(keys{{0, 1, 2}}) == 0.0);
  census::repeat_rate rate;
  for (int key = 0; key < 9; ++key) rate.add(0xffffffff, 0xffffffff);
  CHECK(rate.value() == 1.0);
}

TEST_CASE("the repeat rate does not flatter: neurons that fire at half of all places repeat at half of them") {
  // 2,000 keys of two occurrences each: where a key is detected the neuron fired at both of them
  std::mt19937 random(8);
  census::repeat_rate all, detected;
  for (int key = 0; key < 2000; ++key) {
    std::uint64_t const firings = random() % 2 + random() % 2;
    all.add(firings, 2);
    if (firings == 2) detected.add(firings, 2);
  }
  CHECK(all.value().value() == Approx(0.5).margin(0.05));
  CHECK(detected.value() == 1.0);
}

TEST_CASE("the order of a neuron is the least n of whose n-grams it is a detector") {
  auto const detecting = [](std::vector<std::uint32_t> const& neurons) {
    std::vector<census::detector> found;
    for (std::uint32_t const neuron : neurons) found.push_back({neuron, 1, 5, {}, true});
    return found;
  };
  std::vector<std::vector<census::detector>> const by_n{detecting({1}), detecting({1, 2}), detecting({1, 2, 4})};
  CHECK(census::detector_orders(6, by_n) == std::vector<std::uint32_t>{0, 1, 2, 0, 3, 0});
}
