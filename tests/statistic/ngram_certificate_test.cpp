// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/activation/joined_text.hpp>
#include <census/statistic/ngram_certificate.hpp>

#include <support/catch.hpp>
#include <support/ngram_texts.hpp>

#include <functional>
#include <random>

using census::certainty;
using counts = std::vector<census::equal_counts>;

TEST_CASE("a pool's firings are spread as unevenly and as evenly as its n-grams allow") {
  counts const pool{{1, 3}, {4, 2}, {10, 1}};  // 21 occurrences
  CHECK(census::most_uneven(pool, 0).empty());
  CHECK(census::most_uneven(pool, 7) == counts{{7, 1}});
  CHECK(census::most_uneven(pool, 16) == counts{{10, 1}, {4, 1}, {2, 1}});
  CHECK(census::most_even(pool, 4) == counts{{1, 4}});
  CHECK(census::most_even(pool, 8) == counts{{1, 3}, {2, 2}, {1, 1}});
  CHECK(census::most_even(pool, 17) == counts{{1, 3}, {4, 2}, {6, 1}});
  CHECK(census::sum(census::most_even(pool, 21)) == 21);
}

TEST_CASE("both bounds of cover are attained by some spread of the pooled firings, and none is beyond them") {
  std::mt19937 random(1);
  for (int example = 0; example < 300; ++example) {
    std::vector<std::uint32_t> pooled, kept;
    for (std::size_t i = 0; i < 1 + random() % 5; ++i) pooled.push_back(1 + static_cast<std::uint32_t>(random()) % 4);
    for (std::size_t i = 0; i < random() % 4; ++i) kept.push_back(static_cast<std::uint32_t>(random()) % 9);
    std::uint32_t occurrences = 0;
    for (auto const n : pooled) occurrences += n;
    std::uint32_t const fired = static_cast<std::uint32_t>(random()) % (occurrences + 1);
    auto pool = census::counts_of_counts(pooled);
    std::ranges::reverse(pool);
    census::ratio const share{1 + random() % 20, 20};
    auto const cover_with = [&](std::vector<std::uint32_t> spread) {
      spread.insert(spread.end(), kept.begin(), kept.end());
      std::sort(spread.rbegin(), spread.rend());
      std::uint64_t whole = 0, held = 0;
      for (auto const c : spread) whole += c;
      std::uint64_t k = 0;
      while (held * 20 < whole * share.numerator) held += spread[k++];
      return k;
    };
    std::uint64_t least = ~0ull, most = 0;
    std::vector<std::uint32_t> spread(pooled.size());
    std::function<void(std::size_t, std::uint32_t)> const all_ways = [&](std::size_t i, std::uint32_t left) {
      if (i == pooled.size()) {
        if (left > 0) return;
        least = std::min(least, cover_with(spread));
        most = std::max(most, cover_with(spread));
        return;
      }
      for (spread[i] = 0; spread[i] <= std::min(left, pooled[i]); ++spread[i]) all_ways(i + 1, left - spread[i]);
    };
    all_ways(0, fired);
    auto const bound = [&](counts const& some) {
      census::detail::count_collector all;
      all.add(some);
      for (auto const c : kept) all.add(c, 1);
      return census::cover(all.descending(), share);
    };
    CHECK(bound(census::most_uneven(pool, fired)) == least);
    CHECK(bound(census::most_even(pool, fired)) == most);
  }
}

TEST_CASE("a certified sketch never contradicts brute force in 1,000 random cases") {
  std::size_t yes = 0, no = 0, undecided = 0, neurons = 0;
  for (std::uint32_t example = 0; example < 1000; ++example) {
    std::mt19937 random(example);
    census_test::ngram_shape const shape{.texts = 2,
                                         .sequences = 1 + random() % 8,
                                         .neurons = 24,
                                         .longest = 4 + static_cast<std::uint32_t>(random()) % 40,
                                         .vocabulary = 2 + static_cast<std::uint32_t>(random()) % 30,
                                         .bos = random() % 2 == 0,
                                         .seed = example};
    auto const blocks = census_test::ngram_blocks(shape);
    std::size_t const n = 1 + random() % 3;
    census::ngram_rows const ngrams(n, census::join(std::vector{blocks[0].text(), blocks[1].text()}));
    census::ngram_sketch const sketch(ngrams, random() % (ngrams.distinct() + 2),
                                      random() % 2 == 0 ? census::sketch_pools::one
                                                        : census::sketch_pools::by_last_token);
    census::firings_by sketched{sketch};
    for (auto const& block : blocks) sketched.observe(block);
    std::uint32_t const limit = 1 + static_cast<std::uint32_t>(random()) % 20;
    auto const certificates = census::certify_ngrams(sketched.table(0), sketch, {.cover_at_most = limit});
    auto const counts = census_test::recount_ngrams(blocks, 0, n);
    for (std::uint32_t neuron = 0; neuron < certificates.size(); ++neuron) {
      auto const expected = census_test::judge(counts, neuron, limit);
      auto const& is = certificates[neuron];
      bool const right = is.firings == expected.firings && is.cover_low <= expected.cover &&
                         expected.cover <= is.cover_high &&
                         (is.detector == certainty::undecided || (is.detector == certainty::yes) == expected.detector);
      CAPTURE(example, neuron, is.cover_low, expected.cover, is.cover_high);
      REQUIRE(right);
      if (sketch.kept() == ngrams.distinct()) {
        REQUIRE(is.cover_low == is.cover_high);
        REQUIRE(is.detector != certainty::undecided);
      }
      yes += is.detector == certainty::yes, no += is.detector == certainty::no;
      undecided += is.detector == certainty::undecided, ++neurons;
    }
  }
  CAPTURE(yes, no, undecided, neurons);
  CHECK(yes > 100);
  CHECK(no > 100);
  CHECK(undecided > 100);
}

TEST_CASE("a sketch keeps the most frequent n-grams apart and pools the others") {
  auto const text = census::share({{3, 4, 3, 4, 5, 4, 3, 4}, {{.length = 8}}});  // 34 43 34 45 54 43 34
  census::ngram_rows const bigrams(2, text);
  census::ngram_sketch const sketch(bigrams, 2);
  auto const key = [&](std::uint32_t row) { return sketch(census::token_at(*text, text->sequences[0], row)); };
  CHECK_FALSE(key(0).has_value());
  CHECK(key(1) == census::sketch_key{false, 0});  // 3 4
  CHECK(key(2) == census::sketch_key{false, 1});  // 4 3
  CHECK(key(4) == census::sketch_key{true, 5});   // 4 5
  CHECK(key(5) == census::sketch_key{true, 4});   // 5 4
  CHECK(sketch.kept_occurrences(0) == 3u);
  CHECK_FALSE(sketch.kept_occurrences(2).has_value());
  CHECK(sketch.pooled_occurrences(5).size() == 1);
  CHECK(sketch.pooled_occurrences(3).empty());
  CHECK(census::ngram_sketch(bigrams, 2, census::sketch_pools::one).pooled_occurrences(0).size() == 2);
}

TEST_CASE("a table of part of the text is not certified") {
  auto const blocks = census_test::ngram_blocks({});
  census::ngram_rows const ngrams(2, census::join(std::vector{blocks[0].text(), blocks[1].text()}));
  for (auto const pools : {census::sketch_pools::one, census::sketch_pools::by_last_token}) {
    census::ngram_sketch const sketch(ngrams, 5, pools);
    census::firings_by sketched{sketch};
    sketched.observe(blocks[0]);
    CHECK_THROWS_AS(census::certify_ngrams(sketched.table(0), sketch, {}), std::invalid_argument);
    sketched.observe(blocks[1]);
    CHECK_NOTHROW(census::certify_ngrams(sketched.table(0), sketch, {}));
  }
}
