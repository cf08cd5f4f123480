// SPDX-License-Identifier: MIT
#include <census/statistic/positional_type.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <random>
#include <string>

namespace {

using census::positional_type;

// Segments by hand: of 10 positions and 100 occurrences each, by their firings.
std::vector<census::position_segment> ten_each(std::vector<std::uint64_t> const& firings) {
  std::vector<census::position_segment> segments;
  std::uint32_t first = 0;
  for (std::uint64_t const k : firings) segments.push_back({first, first + 10, k, 100}), first += 10;
  return segments;
}

std::string spelled(std::vector<census::extreme_run> const& runs) {
  std::string letters;
  for (auto const& run : runs) letters += run.high ? 'H' : 'L';
  return letters;
}

std::string spelled(std::vector<std::uint64_t> const& firings) {
  return spelled(census::extremes(ten_each(firings), {1, 10}));
}

census::typed_neuron typed(std::vector<std::uint32_t> const& counts, std::uint64_t sequences) {
  auto typed = census::positional_type_of(counts, std::vector<std::uint64_t>(counts.size(), sequences));
  typed.by_own_rate = {};  // which has tests of its own
  return typed;
}

}  // namespace

TEST_CASE("runs are high (H) and low (L) in turn, and the margins are met exactly") {
  CHECK(spelled({0, 100, 0}) == "LHL");
  CHECK(spelled({10, 90}) == "LH");
  CHECK(spelled({11, 89}) == "");
  CHECK(spelled({0, 5, 50, 3, 100}) == "LH");  // what lies between the extremes is dropped
  CHECK(spelled({100, 40, 100, 60, 100}) == "H");
  CHECK(spelled(std::vector<std::uint64_t>{}) == "");
}

TEST_CASE("a run pools the segments that it was made of, and reaches from the first to the last") {
  auto const runs = census::extremes(ten_each({50, 0, 1, 50, 2, 100}), {1, 10});
  CHECK(runs == std::vector<census::extreme_run>{{false, 10, 50, 300}, {true, 50, 60, 100}});
}

TEST_CASE("short runs are passed over, unless they are those of a wave") {
  // 255 positions: shorter than 4; 2047: shorter than 8
  auto const with_run = [](std::uint32_t positions, std::uint32_t length) {
    std::vector<census::position_segment> const segments{
        {0, 100, 0, 100}, {100, 100 + length, length, length}, {100 + length, positions, 0, 100}};
    return spelled(census::extremes(segments, {1, 10}));
  };
  CHECK(with_run(255, 3) == "L");
  CHECK(with_run(255, 4) == "LHL");
  CHECK(with_run(2047, 7) == "L");
  CHECK(with_run(2047, 8) == "LHL");
  CHECK(with_run(2048, 8) == "L");  // T = 2049: ⌈T/256⌉ = 9

  auto const spikes = [](std::uint32_t count) {
    std::vector<census::position_segment> segments;
    for (std::uint32_t i = 0; i < count; ++i) {
      segments.push_back({i * 12, i * 12 + 10, 0, 100});
      segments.push_back({i * 12 + 10, i * 12 + 12, 20, 20});
    }
    return census::type_of(census::extremes(segments, {1, 10}));
  };
  CHECK(spikes(7) == positional_type::one_extreme);
  CHECK(spikes(8) == positional_type::oscillatory);
}

TEST_CASE("types by the number of changes, with the names of their column") {
  auto const of = [](std::vector<std::uint64_t> const& firings) {
    return name_of(census::type_of(census::extremes(ten_each(firings), {1, 10})));
  };
  CHECK(of({50, 40}) == "other");
  CHECK(of({50, 0}) == "one_extreme");
  CHECK(of({100, 0}) == "both_extremes");
  CHECK(of({0, 100, 0}) == "both_extremes");
  CHECK(of({0, 100, 0, 100}) == "oscillatory");
}

TEST_CASE("a type is strong at a margin of 1 % with 300 cells in each run") {
  std::vector<std::uint32_t> half(255, 0);
  std::fill(half.begin() + 100, half.end(), 20);
  CHECK(typed(half, 20) == census::typed_neuron{positional_type::both_extremes, true});
  half[30] = 20;  // 20 of 2000 cells: 1 %
  CHECK(typed(half, 20) == census::typed_neuron{positional_type::both_extremes, true});
  half[31] = 3;  // more, but not apart
  for (std::size_t p = 0; p < 100; p += 2) half[p] = 1;
  CHECK(typed(half, 20) == census::typed_neuron{positional_type::both_extremes, false});

  std::vector<std::uint32_t> short_high(255, 0);
  std::fill(short_high.begin() + 100, short_high.begin() + 114, 20);  // 280 cells
  CHECK(typed(short_high, 20) == census::typed_neuron{positional_type::both_extremes, false});
  short_high[114] = 20;
  CHECK(typed(short_high, 20) == census::typed_neuron{positional_type::both_extremes, true});
}

TEST_CASE("a type that changes at the strong margin is weak") {
  std::vector<std::uint32_t> counts;  // 0, 1, 0.95: both extremes within 10 %, a single change more within 1 %
  for (int p = 0; p < 240; ++p) counts.push_back(p < 60 ? 0 : p < 120 ? 100 : p < 180 ? 5 : 100);
  CHECK(typed(counts, 100) == census::typed_neuron{positional_type::oscillatory, false});
}

TEST_CASE("other is strong where the graph is thin: smooth, whatever the noise of its sequences") {
  std::mt19937 random(4);
  std::vector<std::uint32_t> smooth, rough, flat;
  for (int p = 0; p < 2047; ++p) {
    smooth.push_back(std::binomial_distribution<std::uint32_t>(100, 0.5 + 0.3 * std::sin(p / 300.0))(random));
    rough.push_back(std::binomial_distribution<std::uint32_t>(100, p / 7 % 2 ? 0.54 : 0.46)(random));
    flat.push_back(50);
  }
  CHECK(typed(smooth, 100) == census::typed_neuron{positional_type::other, true});
  CHECK(typed(rough, 100) == census::typed_neuron{positional_type::other, false});
  CHECK(typed(flat, 100) == census::typed_neuron{positional_type::other, false});  // no signal at all
  CHECK_FALSE(census::is_thin(std::vector<std::uint32_t>{1, 2}, 5, 0.95));

  // by hand: rates 0, 1/2, 0, 1 of 2 sequences; bends -1, 3/2, so v = 2·(1 + 9/4)/2/6 = 13/24, V = 11/64 - 13/48 < 0
  CHECK_FALSE(census::is_thin(std::vector<std::uint32_t>{0, 1, 0, 2}, 2, 0.01));
  // rates 0, 1/4, 1/2, 1: bends 0, 1/4; v = 4·(1/16)/2/6 = 1/48, Var = 35/256, V = 35/256 - 1/192 = 101/768
  double const share = 101.0 / 768 / (101.0 / 768 + 1.0 / 4800);
  CHECK(census::is_thin(std::vector<std::uint32_t>{0, 1, 2, 4}, 4, share - 1e-9));
  CHECK_FALSE(census::is_thin(std::vector<std::uint32_t>{0, 1, 2, 4}, 4, share + 1e-9));
}

TEST_CASE("by a neuron's own rate the margins are met exactly, and narrower on one side alone") {
  auto const by_own_rate = [](std::vector<std::uint64_t> const& firings) {
    return spelled(census::extremes_by_own_rate(ten_each(firings), {1, 10}));
  };
  CHECK(by_own_rate({0, 100, 0, 100}) == "LHLH");
  CHECK(by_own_rate({10, 90}) == "LH");    // f = 1/2: as by the margin alone
  CHECK(by_own_rate({4, 4, 2, 6}) == "");  // f = 4 %: low is at most 0.8 %; by the margin alone all of it is low
  CHECK(spelled({4, 4, 2, 6}) == "L");
  CHECK(by_own_rate({0, 8}) == "L");           // silent in one half,
  CHECK(by_own_rate({1, 99, 0, 0}) == "LHL");  // f = 25 %: low is at most 5 %, high as it was
  CHECK(by_own_rate({6, 94, 0, 0}) == "HL");
  CHECK(by_own_rate({96, 96, 98, 94}) == "");  // f = 96 %: high is at least 99.2 %
  CHECK(by_own_rate({100, 92}) == "H");
  CHECK(by_own_rate({0, 0}) == "L");
  CHECK(by_own_rate({100, 100}) == "H");
}

TEST_CASE("a rare neuron whose rate wavers is of one extreme by the margin, and of none by its own rate") {
  std::vector<std::uint32_t> counts;  // of 100 sequences: 2 % in one half, 6 % in the other
  for (int p = 0; p < 240; ++p) counts.push_back(p < 120 ? 2 : 6);
  auto const wavers = census::positional_type_of(counts, std::vector<std::uint64_t>(240, 100));
  CHECK(wavers.type == positional_type::one_extreme);
  CHECK(wavers.by_own_rate == positional_type::other);
  for (int p = 0; p < 120; ++p) counts[static_cast<std::size_t>(p)] = 0;
  auto const silent = census::positional_type_of(counts, std::vector<std::uint64_t>(240, 100));
  CHECK(silent.type == positional_type::one_extreme);
  CHECK(silent.by_own_rate == positional_type::one_extreme);
}
