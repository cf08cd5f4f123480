// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/tabulation/tally_ngrams.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/ngram_texts.hpp>

#include <tbb/global_control.h>

#include <map>

using census_test::kept_in;
using census_test::ngram_blocks;
using census_test::ngram_shape;

namespace {

struct tally {
  std::vector<census::equal_counts> counts;
  std::uint64_t reached = 0;

  friend bool operator==(tally const&, tally const&) = default;
};

/// Four of five occurrences, and one of one.
std::uint64_t fewest(std::uint64_t occurrences) { return (4 * occurrences + 4) / 5; }

template <class Fewest = std::uint64_t(std::uint64_t)>
std::vector<tally> tallies(census::kept_layer const& layer, census::ngram_rows const& ngrams, std::uint64_t memory,
                           Fewest const& fewest = ::fewest) {
  std::vector<tally> found(layer.neurons());
  census::tally_ngrams(layer, ngrams, memory, fewest,
                       [&](std::uint32_t neuron, std::span<census::equal_counts const> counts, std::uint64_t reached) {
                         found[neuron] = {{counts.begin(), counts.end()}, reached};
                       });
  return found;
}

/// Neuron by neuron from the n-grams' counts.
template <class Fewest = std::uint64_t(std::uint64_t)>
std::vector<tally> recount(std::vector<census::block> const& blocks, std::size_t n, Fewest const& fewest = ::fewest) {
  std::vector<tally> expected(blocks[0].firings().neurons());
  auto const ngrams = census_test::recount_ngrams(blocks, 0, n);
  for (std::size_t neuron = 0; neuron < expected.size(); ++neuron) {
    std::map<std::uint64_t, std::uint64_t, std::greater<>> keys;
    for (auto const& [tokens, here] : ngrams) {
      std::uint32_t const count = here.firings[neuron];
      if (count == 0) continue;
      ++keys[count];
      if (count >= fewest(here.occurrences)) expected[neuron].reached += count;
    }
    for (auto const& [count, number] : keys) expected[neuron].counts.push_back({count, number});
  }
  return expected;
}

}  // namespace

TEST_CASE("a tally of n-grams is a recount, wherever firings lie, with any memory and any threads") {
  std::vector<ngram_shape> const shapes{
      {.texts = 4, .sequences = 10, .neurons = 2600},                                              // several bands
      {.texts = 2, .sequences = 12, .neurons = 70, .longest = 900, .vocabulary = 3, .seed = 4},    // 255 times and more
      {.texts = 3, .sequences = 40, .neurons = 513, .longest = 30, .vocabulary = 300, .seed = 3},  // mostly once
      {.texts = 1, .sequences = 1, .neurons = 1, .longest = 1, .seed = 6}};                        // none but BOS
  for (ngram_shape const& shape : shapes) {
    auto const blocks = ngram_blocks(shape);
    auto const in_memory = keep_layer(blocks, kept_in::memory), in_file = keep_layer(blocks, kept_in::file),
               in_both = keep_layer(blocks, kept_in::both);
    for (std::size_t const n : {1, 2}) {
      census::ngram_rows const ngrams(n, census::join(in_memory.texts()));
      auto const expected = recount(blocks, n);
      for (auto const* layer : {&in_memory, &in_file, &in_both})
        for (std::uint64_t const memory : {0ull, 60'000ull, 3'000'000ull, ~0ull})
          for (std::size_t const threads : {1, 3}) {
            tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
            CHECK(tallies(*layer, ngrams, memory) == expected);
          }
    }
  }
}

TEST_CASE("how often is fewest is asked of n-grams that occur once as of all others") {
  auto const blocks = ngram_blocks({.texts = 2, .sequences = 40, .neurons = 70, .vocabulary = 60, .seed = 8});
  auto const layer = keep_layer(blocks, kept_in::memory);
  for (std::size_t const n : {1, 2, 3}) {
    census::ngram_rows const ngrams(n, census::join(layer.texts()));
    for (std::uint64_t const least : {0, 1, 2, 3, 15, 16, 1'000'000}) {
      auto const at_least = [=](std::uint64_t) { return least; };
      CHECK(tallies(layer, ngrams, 0, at_least) == recount(blocks, n, at_least));
      auto const more_than_occur = [=](std::uint64_t occurrences) { return occurrences > 1 ? 1 : least; };
      CHECK(tallies(layer, ngrams, 0, more_than_occur) == recount(blocks, n, more_than_occur));
    }
  }
}

TEST_CASE("an n-gram that occurs more often than the root of the text, and than a chunk has rows, is counted whole") {
  // one sequence of 5000 tokens: 3 at all but every tenth place
  census::text_rows rows;
  std::vector<float> values;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    rows.tokens.push_back(i % 10 == 9 ? 4 + i / 10 % 90 : 3);
    values.push_back(rows.tokens.back() == 3 ? 1.f : 0.f);            // all 4500
    values.push_back(rows.tokens.back() == 3 && i < 4000 ? 1.f : 0);  // 3600: four of five
    values.push_back(rows.tokens.back() == 3 && i < 3999 ? 1.f : 0);  // as many, for 3999 is no 3
    values.push_back(rows.tokens.back() == 3 && i < 3998 ? 1.f : 0);  // one less
  }
  rows.sequences.push_back({.length = 5000});
  std::vector<census::block> const blocks{census::make_block(0, census::share(rows), {std::move(values), 4})};
  auto const found = tallies(keep_layer(blocks, kept_in::memory), {1, blocks[0].text()}, 0);
  CHECK(found == std::vector<tally>{{{{4500, 1}}, 4500}, {{{3600, 1}}, 3600}, {{{3600, 1}}, 3600}, {{{3599, 1}}, 0}});
  CHECK(found == recount(blocks, 1));
}

TEST_CASE("n-grams of another text, of a part of it, or of a text of which the layer has more are refused") {
  auto const blocks = ngram_blocks({}), others = ngram_blocks({.seed = 2});
  auto const layer = keep_layer(blocks, kept_in::memory);
  CHECK_THROWS_AS(tallies(layer, {2, others[0].text()}, 0), std::invalid_argument);
  CHECK_THROWS_AS(tallies(layer, {2, blocks[0].text()}, 0), std::invalid_argument);
  auto twice = blocks;
  twice.push_back(blocks[0]);
  CHECK_THROWS_AS(tallies(keep_layer(twice, kept_in::memory), {2, census::join(layer.texts())}, 0),
                  std::invalid_argument);
}

TEST_CASE("memory for a tally grows with the tokens and their root, and with threads") {
  CHECK(census::tally_ngrams_bytes(1'000'000, 2) - census::tally_ngrams_bytes(1'000'000, 1) >=
        1000 * 512 * 12);  // a cell and a list of twice its size for each count and neuron
  CHECK(census::tally_ngrams_bytes(1'000'000, 1) < 32 << 20);
}
