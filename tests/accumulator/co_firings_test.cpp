// SPDX-License-Identifier: MIT
#include <census/accumulator/co_firings.hpp>
#include <census/accumulator/laws.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

// What a state of co-firings says, where somebody else wrote it.
struct written_by_others {
  struct sequence {
    std::uint64_t tokens = 0;
    std::vector<std::uint64_t> fired;
    template <class Archive>
    void serialize(Archive& archive) {
      archive("tokens", tokens)("fired", fired);
    }
  };
  std::map<std::uint32_t, std::vector<std::uint32_t>> chosen;
  std::map<std::uint32_t, std::map<std::uint64_t, sequence>> seen;

  template <class Archive>
  void serialize(Archive& archive) {
    archive.constant("chosen neurons", chosen);
    archive("seen", seen);
  }
};

census::co_firings chosen_few() { return census::co_firings({{0, 3}, {0, 64}, {2, 3}, {2, 12}, {0, 0}}); }

}  // namespace

TEST_CASE("co-firings within a layer and across layers are those of a recount, whatever the order of blocks") {
  for (bool const bos : {true, false}) {
    auto blocks = census_test::random_blocks({.bos = bos});
    auto together = chosen_few();
    for (std::size_t i = blocks.size(); i > 0; --i) together.observe(blocks[i - 1]);
    for (auto const& [a, b] : {std::pair<census::layer_neuron, census::layer_neuron>{{0, 3}, {0, 64}},
                               {{0, 3}, {2, 12}},
                               {{2, 12}, {0, 3}},
                               {{2, 3}, {2, 3}},
                               {{0, 0}, {2, 3}}}) {
      census::co_firing counted;
      for (std::size_t text = 0; text < blocks.size(); text += 3)
        for (auto const& sequence : blocks[text].text()->sequences)
          for (std::uint32_t p = bos ? 1 : 0; p < sequence.length; ++p) {
            bool const x = blocks[text + a.layer].firings().fires(sequence.first_row + p, a.neuron);
            bool const y = blocks[text + b.layer].firings().fires(sequence.first_row + p, b.neuron);
            ++counted.tokens, counted.a += x, counted.b += y, counted.both += x && y;
          }
      CHECK(together.of(a, b) == counted);
    }
    CHECK(*together.of({2, 3}, {2, 3}).phi() == Approx(1));
    CHECK(together.of({0, 0}, {2, 3}).phi() == std::nullopt);  // one of them never fires
  }
}

TEST_CASE("Jaccard and phi are what their definitions say") {
  census::co_firing const some{10, 4, 5, 3};
  CHECK(*some.jaccard() == Approx(0.5));
  CHECK(*some.phi() == Approx((3 * 10 - 4 * 5) / std::sqrt(4.0 * 6 * 5 * 5)));
  CHECK(census::co_firing{10, 0, 0, 0}.jaccard() == std::nullopt);
  CHECK(*census::co_firing{10, 5, 5, 0}.phi() == Approx(-1));
}

TEST_CASE("co-firings keep the accumulator laws") {
  auto const blocks = census_test::random_blocks({.texts = 3});
  CHECK(census::broken_laws(chosen_few(), blocks) == std::vector<std::string>{});
}

TEST_CASE("co-firings refuse the same sequence twice, neurons that are not there or were not chosen") {
  auto const blocks = census_test::random_blocks();
  auto together = chosen_few(), other = chosen_few();
  together.observe(blocks[0]), other.observe(blocks[0]);
  CHECK_THROWS_WITH(together.observe(blocks[0]), Catch::Contains("layer 0 was shown the same sequence before"));
  CHECK_THROWS_AS(together.merge(other), std::invalid_argument);
  CHECK_THROWS_AS(together.merge(census::co_firings(std::set<census::layer_neuron>{{0, 3}})), std::invalid_argument);
  CHECK_THROWS_AS(together.of({0, 3}, {0, 4}), std::out_of_range);
  census::co_firings beyond(std::set<census::layer_neuron>{{0, 70}});
  CHECK_THROWS_WITH(beyond.observe(blocks[0]), "census::co_firings: layer 0 has no neuron 70, but 70");
}

TEST_CASE("co-firings of a state whose sequences have not a bit for each token in all layers are refused") {
  std::set<census::layer_neuron> const chosen{{0, 3}, {2, 5}};
  auto const restored = [&](written_by_others const& state) {
    census::co_firings together(chosen);
    census::restore(census::store(state), together, "state");
    return together;
  };
  std::vector<std::uint64_t> const one{1}, two{1, 0};
  auto const good = restored({{{0, {3}}, {2, {5}}}, {{0, {{7, {64, one}}}}, {2, {{7, {64, one}}, {8, {65, two}}}}}});
  CHECK(good.of({0, 3}, {2, 5}) == census::co_firing{64, 1, 1, 1});
  CHECK_THROWS_WITH(restored({{{0, {3}}, {2, {5}}}, {{0, {{7, {65, two}}}}, {2, {{7, {64, one}}}}}}),
                    "state: census::co_firings: a sequence has 65 tokens in layer 0, but 64 in layer 2");
  std::string const no_bits = "state: census::co_firings: layer 0 has not a bit for each token and chosen neuron";
  CHECK_THROWS_WITH(restored({{{0, {3}}, {2, {5}}}, {{0, {{7, {65, one}}}}}}), no_bits);
  CHECK_THROWS_WITH(restored({{{0, {3}}, {2, {5}}}, {{0, {{7, {~std::uint64_t{0}, {}}}}}}}), no_bits);

  auto merged = restored({{{0, {3}}, {2, {5}}}, {{0, {{7, {65, two}}}}}});
  merged.merge(restored({{{0, {3}}, {2, {5}}}, {{2, {{7, {64, one}}}}}}));
  CHECK_THROWS_WITH(merged.of({0, 3}, {2, 5}),
                    "census::co_firings: a sequence has 65 tokens in layer 0, but 64 in layer 2");
}
