// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/named.hpp>
#include <census/activation/joined_text.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/ngram_bounds.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/tabulation/select_neurons.hpp>

#include <support/catch.hpp>
#include <support/ngram_texts.hpp>

namespace {

/// The sum of the k largest.
std::uint64_t top(std::vector<std::uint64_t> numbers, std::size_t k) {
  std::sort(numbers.rbegin(), numbers.rend());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < std::min(k, numbers.size()); ++i) sum += numbers[i];
  return sum;
}

}  // namespace

TEST_CASE("the most that k n-grams hold is what the most frequent ones occur") {
  std::vector<census::equal_counts> const occurrences{{9, 1}, {4, 3}, {1, 100}};
  CHECK(census::most_held(occurrences, 0) == 0);
  CHECK(census::most_held(occurrences, 3) == 17);
  CHECK(census::most_held(occurrences, 6) == 23);
  CHECK(census::most_held(occurrences, 1000) == 121);
  CHECK(census::could_cover(19, 20));
  CHECK_FALSE(census::could_cover(19, 21));
}

TEST_CASE("n-grams that share their last token share its firings") {
  // "5 7" 4 times, "6 7" 3 times, "8 7" once, "7 9" twice; the neuron fired at 7 five times and at 9 once;
  // twice 7 begins a sequence and ends no bigram, so at bigrams it fired at least 3 + 1 times
  census::text_rows rows;
  std::uint64_t document = 0;
  auto const say = [&](int times, census::token_id a, census::token_id b) {
    for (int i = 0; i < times; ++i) {
      rows.sequences.push_back(
          {.document = document++, .first_row = static_cast<std::uint32_t>(rows.tokens.size()), .length = 2});
      rows.tokens.insert(rows.tokens.end(), {a, b});
    }
  };
  say(4, 5, 7), say(3, 6, 7), say(1, 8, 7), say(2, 7, 9);
  std::vector<float> values(rows.tokens.size(), 0.f);
  for (std::size_t row : {1, 3, 9, 11, 15, 17}) values[row] = 1.f;  // 7 7 7 7 7 9
  auto const text = census::share(rows);
  census::token_coverage tokens;
  tokens.observe(census::make_block(0, text, {values, 1}));
  census::ngram_rows const bigrams(2, text);
  using bounds = std::vector<census::ngram_bound>;
  CHECK(census::bound_by_tokens(tokens.table(0), {bigrams, 1}) == bounds{{4, 4, 4}});
  CHECK(census::bound_by_tokens(tokens.table(0), {bigrams, 2}) == bounds{{4, 7, 5}});
  CHECK(census::bound_by_tokens(tokens.table(0), {bigrams, 3}) == bounds{{4, 8, 6}});
  CHECK(census::bound_by_tokens(tokens.table(0), {bigrams, 9}) == bounds{{4, 9, 6}});
  CHECK(census::bound_by_tokens(tokens.table(0), {bigrams, 0}) == bounds{{4, 0, 0}});
}

TEST_CASE("the bounds hold for every neuron, and are what brute force makes of their definitions") {
  std::size_t pruned = 0, by_shared = 0;
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    auto const blocks =
        census_test::ngram_blocks({.sequences = 20, .neurons = 90, .vocabulary = 10 * seed, .seed = seed});
    census::token_coverage tokens;
    census::kept_firings kept;
    for (auto const& block : blocks) tokens.observe(block), kept.observe(block);
    auto const by_token = tokens.table(0);
    for (std::size_t n : {1, 2, 3})
      for (std::size_t k : {1, 5, 50}) {
        census::ngram_rows const ngrams(n, census::join(kept.layer(0).texts()));
        auto const counts = census_test::recount_ngrams(blocks, 0, n);
        auto const bounds = census::bound_by_tokens(by_token, {ngrams, k});
        std::vector<std::uint64_t> occurrences;
        std::vector<std::uint32_t> occurs;
        for (auto const& [g, here] : counts)
          occurrences.push_back(here.occurrences), occurs.push_back(here.occurrences);
        std::uint64_t const lost = census::tokens(by_token) - ngrams.tokens();  // tokens that end no n-gram
        auto const most = census::most_held(census::counts_of_counts(occurs), k);
        CHECK(most == top(occurrences, k));
        auto const left = census::candidates(bounds, most);
        CHECK(left.neurons.size() + left.silent + left.too_frequent + left.by_last_token + left.shared == 90);
        by_shared += left.shared;
        for (std::uint32_t neuron = 0; neuron < 90; ++neuron) {
          std::vector<std::uint64_t> held, capped;
          std::uint64_t firings = 0;
          for (auto const& [g, here] : counts) {
            auto const row = std::ranges::lower_bound(by_token.keys, g.back()) - by_token.keys.begin();
            held.push_back(here.firings[neuron]);
            firings += held.back();
            capped.push_back(std::min(here.occurrences, by_token.counts(static_cast<std::size_t>(row))[neuron]));
          }
          CHECK(bounds[neuron].by_last_token == top(capped, k));
          CHECK(bounds[neuron].by_last_token <= most);
          CHECK(bounds[neuron].shared <= bounds[neuron].by_last_token);
          CHECK(bounds[neuron].shared >= top(held, k));
          CHECK(bounds[neuron].least_firings <= firings);
          CHECK(bounds[neuron].least_firings + lost >= firings);
          if (n == 1) CHECK(bounds[neuron].shared == top(held, k));  // nothing is unknown then
          auto const cover = census_test::judge(counts, neuron, 50).cover;
          bool const kept = std::ranges::binary_search(left.neurons, neuron);
          if (cover > 0 && cover <= k) CHECK(kept);
          pruned += !kept;
        }
      }
  }
  CHECK(pruned > 100);
  CHECK(by_shared > 10);
}

TEST_CASE("the census of some neurons alone says of them what the census of all says") {
  auto const blocks = census_test::ngram_blocks({.sequences = 15, .neurons = 200});
  std::vector<std::uint32_t> const neurons{0, 3, 63, 64, 65, 127, 199};
  for (std::uint64_t const memory : {~std::uint64_t{0}, std::uint64_t{0}}) {
    census::kept_firings kept(memory);
    for (auto const& block : blocks) kept.observe(block);
    auto const layer = kept.layer(0);
    census::ngram_rows const trigrams(3, census::join(layer.texts()));
    auto const all = census::take_ngram_census(layer, trigrams),
               some = census::take_ngram_census(census::select_neurons(layer, neurons), trigrams);
    REQUIRE(some.neurons() == neurons.size());
    for (std::size_t i = 0; i < neurons.size(); ++i) {
      CHECK(some.firings[i] == all.firings[neurons[i]]);
      CHECK(some.cover[i] == all.cover[neurons[i]]);
    }
    CHECK_THROWS_AS(census::select_neurons(layer, std::vector<std::uint32_t>{200}), std::invalid_argument);
  }
}
