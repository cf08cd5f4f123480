// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/activation/join.hpp>
#include <census/statistic/ngram_census.hpp>

#include <support/catch.hpp>
#include <support/ngram_texts.hpp>

#include <tbb/global_control.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

using census_test::ngram_blocks;
using census_test::ngram_shape;

namespace {

census::kept_firings keep(std::vector<census::block> const& blocks, std::uint64_t memory = ~std::uint64_t{0}) {
  census::kept_firings kept(memory);
  for (census::block const& block : blocks) kept.observe(block);
  return kept;
}

/// Firings of a neuron at those of some n-grams that occur 73 times or more, and at which it fires in two documents.
std::uint64_t supported_by_brute_force(std::vector<census::block> const& blocks, std::uint32_t layer,
                                       std::size_t neuron, std::vector<census_test::ngram> const& detected,
                                       std::map<census_test::ngram, census_test::recounted> const& counts) {
  std::uint64_t firings = 0;
  for (census_test::ngram const& one : detected) {
    if (counts.at(one).occurrences < 73) continue;
    std::set<std::uint64_t> documents;
    for (census::block const& block : blocks)
      for (census::sequence const& s : block.text()->sequences)
        for (std::size_t p = one.size() - 1 + s.has_bos; block.layer() == layer && p < s.length; ++p) {
          auto const end = block.text()->tokens.begin() + static_cast<std::ptrdiff_t>(s.first_row + p + 1);
          if (block.firings().fires(s.first_row + p, neuron) &&
              std::equal(one.rbegin(), one.rend(), std::reverse_iterator(end)))
            documents.insert(s.document);
        }
    if (documents.size() >= 2) firings += counts.at(one).firings[neuron];
  }
  return firings;
}

/// How many detectors there were, all being as brute force says.
std::size_t check(std::vector<census::block> const& blocks, census::ngram_census const& taken,
                  census::ngram_rows const& ngrams, std::uint32_t cover_at_most, std::uint32_t layer = 0) {
  auto const counts = census_test::recount_ngrams(blocks, layer, ngrams.n());
  REQUIRE(taken.distinct == counts.size());
  REQUIRE(ngrams.distinct() == counts.size());
  std::uint32_t number = 0;
  std::uint64_t tokens = 0;
  for (auto const& [tokens_of, here] : counts) {  // numbers ascend with the n-grams
    auto const found = ngrams.tokens_of(number);
    CHECK(census_test::ngram(found.begin(), found.end()) == tokens_of);
    CHECK(ngrams.occurrences(number) == here.occurrences);
    tokens += here.occurrences;
    ++number;
  }
  CHECK(taken.tokens == tokens);
  std::set<census_test::ngram> all_detected;
  std::size_t detectors = 0;
  for (std::uint32_t n = 0; n < taken.neurons(); ++n) {
    auto const expected = census_test::judge(counts, n, cover_at_most);
    CHECK(taken.firings[n] == expected.firings);
    CHECK(taken.cover[n] == expected.cover);
    auto const found = std::ranges::find(taken.detectors, n, &census::detector::neuron);
    REQUIRE((found != taken.detectors.end()) == expected.detector);
    if (!expected.detector) continue;
    ++detectors;
    CHECK(found->cover == expected.cover);
    CHECK(found->firings == expected.firings);
    std::vector<census_test::ngram> detected;
    for (auto const& one : found->detected) {
      auto const is = ngrams.tokens_of(one.row);
      detected.emplace_back(is.begin(), is.end());
      CHECK(one.firings == counts.at(detected.back()).firings[n]);
      CHECK(one.occurrences == counts.at(detected.back()).occurrences);
    }
    CHECK(std::ranges::is_sorted(found->detected, census::more_firings));
    double again = 0, chances = 0;
    for (auto const& [tokens_of, here] : counts) {
      again += here.firings[n] * (here.firings[n] - 1.0) * (here.firings[n] > 0);
      chances += here.firings[n] * (here.occurrences - 1.0);
    }
    auto const repeats = taken.repeat_rates.at(static_cast<std::size_t>(found - taken.detectors.begin()));
    REQUIRE(repeats.has_value() == (chances > 0));
    if (repeats) CHECK(*repeats == Approx(again / chances));
    std::ranges::sort(detected);
    CHECK(detected == expected.detected);
    all_detected.insert(expected.detected.begin(), expected.detected.end());
    CHECK(found->supported_firings == supported_by_brute_force(blocks, layer, n, expected.detected, counts));
  }
  CHECK(std::ranges::is_sorted(taken.detectors, {}, &census::detector::neuron));
  REQUIRE(taken.detected.size() == all_detected.size());
  auto at = all_detected.begin();
  for (std::uint32_t const number_of : taken.detected) {
    auto const is = ngrams.tokens_of(number_of);
    CHECK(census_test::ngram(is.begin(), is.end()) == *at++);
  }
  return detectors;
}

}  // namespace

TEST_CASE("an n-gram census says what brute force says, for n from 1 to 5") {
  std::vector<ngram_shape> const shapes{
      {},
      {.neurons = 130, .longest = 7, .vocabulary = 3, .bos = false, .seed = 2},
      {.texts = 2, .sequences = 40, .neurons = 600, .longest = 30, .vocabulary = 400, .seed = 3},
      {.texts = 4, .sequences = 12, .neurons = 64, .longest = 300, .vocabulary = 4, .seed = 4},  // N in the hundreds
      {.texts = 1, .sequences = 3, .neurons = 1, .longest = 5, .vocabulary = 70000, .first_token = 65530, .seed = 5},
      {.texts = 5, .sequences = 9, .neurons = 65, .longest = 2, .vocabulary = 9, .seed = 6}};
  std::size_t detectors = 0;
  for (ngram_shape const& shape : shapes) {
    auto const blocks = ngram_blocks(shape);
    auto const kept = keep(blocks).at(0);
    auto const text = census::join(kept.texts());
    for (std::size_t n = 1; n <= 5; ++n) {
      census::ngram_rows const ngrams(n, text);
      auto const found = check(blocks, census::take_ngram_census(kept, ngrams), ngrams, n == 1 ? 5 : 50);
      detectors += found;
    }
  }
  CHECK(detectors > 100);
}

TEST_CASE("an n-gram census says what brute force says on real text") {
  std::ifstream file(std::string(CENSUS_EXAMPLES_FOLDER) + "/tiny_opt/text/prose/persuasion__chapter_01.txt");
  std::map<std::string, census::token_id> ids;
  std::vector<census::token_id> text;
  for (std::string word; file >> word;)
    text.push_back(ids.try_emplace(word, 3 + static_cast<census::token_id>(ids.size())).first->second);
  REQUIRE(text.size() > 1000);
  auto const blocks =
      ngram_blocks({.texts = 4, .sequences = text.size() / 100, .neurons = 80, .longest = 50, .text = text});
  auto const kept = keep(blocks).at(0);
  std::size_t detectors = 0;
  for (std::size_t n = 1; n <= 4; ++n) {
    census::ngram_rows const ngrams(n, census::join(kept.texts()));
    detectors += check(blocks, census::take_ngram_census(kept, ngrams), ngrams, n == 1 ? 5 : 50);
  }
  CHECK(detectors > 0);
}

TEST_CASE("detectors of n-grams that occur often are found with all they detect") {
  // one sequence "3 4 5 3 4 5 ..." of 1201 tokens without BOS: each bigram 400 times
  census::text_rows rows;
  for (std::uint32_t i = 0; i < 1201; ++i) rows.tokens.push_back(3 + i % 3);
  rows.sequences.push_back({.length = 1201});
  std::vector<float> values;
  std::uint32_t met = 0;
  for (std::uint32_t i = 0; i < 1201; ++i) {
    bool const at = i > 0 && rows.tokens[i] == 4;  // "3 4", 400 times
    met += at;
    values.push_back(at ? 1.f : 0.f);                            // all 400
    values.push_back(at && met <= 380 ? 1.f : 0.f);              // 380 = 95 % of them
    values.push_back(at && met <= 379 ? 1.f : 0.f);              // one less
    values.push_back(at || (i % 3 == 2 && i < 66) ? 1.f : 0.f);  // and 22 elsewhere: 400 of 422 is 94.8 %
    values.push_back(at || (i % 3 == 2 && i < 63) ? 1.f : 0.f);  // 21 elsewhere: 400 of 421 is 95.01 %
  }
  auto const text = census::share(rows);
  auto const kept = keep({census::make_block(0, text, {values, 5})}).at(0);
  rows.sequences[0].length = 601;  // the same in two documents; no bigram ends at the second one's first token, a 4
  rows.sequences.push_back({.document = 1, .first_row = 601, .length = 600});
  auto const parted = census::share(rows);
  auto const in_two = keep({census::make_block(0, parted, {values, 5})}).at(0);
  for (auto const& one : census::take_ngram_census(in_two, {2, parted}).detectors)
    CHECK(one.supported_firings == one.detected.at(0).firings);
  census::ngram_rows const bigrams(2, text);
  auto const taken = census::take_ngram_census(kept, bigrams);
  std::vector<std::uint32_t> neurons;
  for (auto const& one : taken.detectors) {
    neurons.push_back(one.neuron);
    REQUIRE(one.detected.size() == 1);
    CHECK(bigrams.tokens_of(one.detected[0].row)[0] == 3);
    CHECK(one.detected[0].occurrences == 400);
    CHECK(one.supported_firings == 0);  // all in one document
  }
  CHECK(neurons == std::vector<std::uint32_t>{0, 1, 4});
  CHECK(taken.cover == std::vector<std::uint32_t>{1, 1, 1, 2, 1});
}

TEST_CASE("an n-gram census is the same wherever the firings lie, in whatever order they came, with any threads") {
  auto const blocks = ngram_blocks({.texts = 6, .sequences = 10, .neurons = 1100, .layers = 2});
  auto const whole = keep(blocks);
  auto const text = census::join(whole.at(0).texts());
  auto reversed = blocks;
  std::ranges::reverse(reversed);
  auto merged_halves = keep({blocks.begin() + 5, blocks.end()}, 30'000);
  merged_halves.merge(keep({blocks.begin(), blocks.begin() + 5}, 0));
  auto const halves = std::move(merged_halves);
  auto const in_file = keep(blocks, 0), half_in_file = keep(reversed, 100'000);
  CHECK(in_file.held() == 0);
  CHECK(half_in_file.held() > 0);
  CHECK_FALSE(half_in_file.at(0).in_memory());
  for (std::uint32_t layer = 0; layer < 2; ++layer)
    for (std::size_t n : {1, 3}) {
      census::ngram_rows const ngrams(n, text);
      auto const expected = census::take_ngram_census(whole.at(layer), ngrams);
      check(blocks, expected, ngrams, n == 1 ? 5 : 50, layer);
      for (census::kept_firings const* other : {&whole, &in_file, &half_in_file, &halves})
        for (std::uint64_t memory : {0ull, 40'000ull, ~0ull})
          for (std::size_t threads : {1, 3}) {
            tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
            auto const taken = census::take_ngram_census(
                other->at(layer), ngrams, {.rule = census::census_rules{}.detector(n), .memory = memory});
            CHECK(taken == expected);
          }
    }
}
