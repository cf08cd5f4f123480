// SPDX-License-Identifier: MIT
#include <census/accumulator/laws.hpp>
#include <census/activation/join.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/statistic/judge_detectors.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey.hpp>
#include <census/tabulation/document_halves.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>
#include <support/without_temporary_folder.hpp>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::vector<census::shared_text> texts_of(std::vector<census::block> const& blocks) {
  std::vector<census::shared_text> texts;
  for (auto const& block : blocks) texts.push_back(block.text());
  return texts;
}

}  // namespace

TEST_CASE("the survey of the whole paper keeps the laws of an accumulator") {
  auto const blocks = census_test::random_blocks({.texts = 4, .sequences = 3, .neurons = 20, .layers = 2});
  CHECK(census::broken_laws(census::paper_survey(), blocks) == std::vector<std::string>{});
}

TEST_CASE("the survey of the whole paper needs no folder for temporary files where all fits into memory") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  without_temporary_folder const missing;
  census::paper_survey seen;
  CHECK_NOTHROW(seen.observe(blocks[0]));
}

TEST_CASE("n-grams need the firings, and without them the rest of a census is the same") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 1});
  std::vector<census::ngram_rows> ngrams;
  ngrams.emplace_back(2, census::join(texts_of(blocks)));

  census::paper_survey keeping, not_keeping({.keep_firings = false});
  census::survey(blocks, keeping, not_keeping);
  CHECK_THROWS_AS(not_keeping.result(0, ngrams), std::invalid_argument);
  auto const with = keeping.result(0, ngrams), without = not_keeping.result(0);
  CHECK(with.ngrams.size() == 1);
  CHECK(without.ngrams.empty());
  CHECK(without.detector_order.empty());
  CHECK(with.tokens.cover == without.tokens.cover);
  CHECK(with.position.positional_corrected == without.position.positional_corrected);
  CHECK(with.tokens.claims.size() == with.neurons());
  CHECK(without.tokens.claims.empty());

  keeping.merge(census::paper_survey({.keep_firings = false}));
  CHECK_THROWS_AS(keeping.result(0, ngrams), std::invalid_argument);
}

TEST_CASE("n-grams of n = 2, 3 and so on are asked for in order, none left out") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 1});
  census::paper_survey seen;
  census::survey(blocks, seen);
  census::ngram_rows const pairs(2, census::join(texts_of(blocks))), triples(3, pairs.text()), single(1, pairs.text());
  using list = std::vector<census::ngram_rows>;
  CHECK(seen.result(0, list{}).ngrams.empty());
  CHECK(seen.result(0, list{pairs}).ngrams.size() == 1);
  CHECK(seen.result(0, list{pairs, triples}).ngrams.size() == 2);
  for (auto const& wrong : {list{triples, pairs}, list{triples}, list{pairs, pairs}, list{single, pairs}})
    CHECK_THROWS_AS(seen.result(0, wrong), std::invalid_argument);
  CHECK_THROWS_WITH(seen.result(0, list{triples}),
                    "census::paper_survey: n-grams of n = 3 come where those of n = 2 are to come: 2, 3, ... in order");
}

TEST_CASE("a layer's result that is restored is the one that was stored, whatever of it is known") {
  auto const blocks = census_test::random_blocks({.texts = 12, .sequences = 6, .neurons = 90, .layers = 1});
  census::paper_survey seen, not_keeping({.keep_firings = false});
  census::survey(blocks, seen, not_keeping);
  std::vector<census::ngram_rows> const ngrams{{2, census::join(texts_of(blocks))}};
  census::layer_result const all{
      seen.result(0, ngrams), seen.by_domain(0), seen.by_position(0), seen.by_token(0), {"a", "", "c"}},
      few{not_keeping.result(0), {}, {}, {}, {}};
  REQUIRE(all.census.position.types.size() == 90);
  REQUIRE_FALSE(all.census.tokens.claims.empty());
  for (auto const* result : {&all, &few}) {
    census::layer_result restored;
    census::restore(census::store(*result), restored);
    CHECK(restored.by_domain == result->by_domain);
    CHECK(restored.by_token == result->by_token);
    CHECK(restored.census.ngrams == result->census.ngrams);
    auto const once = census::store(*result), again = census::store(restored);
    CHECK(once.arrays.size() == again.arrays.size());
    for (auto const& [path, array] : once.arrays) CHECK(array.bytes() == again.arrays.at(path).bytes());
  }
}

TEST_CASE("a layer's result whose figures are of other numbers of neurons is not restored") {
  auto const blocks = census_test::random_blocks({.texts = 12, .sequences = 6, .neurons = 90, .layers = 1});
  census::paper_survey seen;
  census::survey(blocks, seen);
  auto const good = seen.result(0);
  auto fewer_covers = good, foreign_detector = good, rate_of_none = good;
  fewer_covers.tokens.cover.pop_back();
  foreign_detector.tokens.detectors.push_back({.neuron = 90, .cover = 1, .firings = 1, .detected = {}});
  rate_of_none.ngrams.emplace_back().repeat_rates = {.5};
  for (auto const* spoiled : {&fewer_covers, &foreign_detector, &rate_of_none}) {
    census::layer_census restored;
    CHECK_THROWS_WITH(census::restore(census::store(*spoiled), restored),
                      Catch::Contains("figures that are not of as many neurons as layer 0 has"));
  }
}

TEST_CASE("tables that are each in order but not of one text are not restored") {
  auto const blocks = census_test::random_blocks({.texts = 2, .sequences = 6, .neurons = 20, .layers = 1});
  auto const others = census_test::random_blocks({.texts = 3, .sequences = 6, .neurons = 20, .layers = 1, .seed = 9});
  census::paper_survey seen, other;
  census::survey(blocks, seen);
  census::survey(others, other);
  auto const state = census::store(seen), of_other = census::store(other);
  for (std::string const part :
       {"tables/parts/0/", "tables/parts/1/", "tables/parts/3/", "tables/parts/4/", "kept_firings/"}) {
    auto mixed = state;
    for (auto const& [path, array] : of_other.arrays)
      if (path.starts_with(part)) mixed.arrays[path] = array;
    census::paper_survey restored;
    CAPTURE(part);
    CHECK_THROWS_WITH(census::restore(mixed, restored), Catch::EndsWith("tables and firings that are not of one text"));
    CHECK(restored == census::paper_survey());
  }
}

TEST_CASE("a survey that kept firings is not restored into one that does not, nor the reverse") {
  census::paper_survey keeping, not_keeping({.keep_firings = false});
  CHECK_THROWS_WITH(census::restore(census::store(keeping), not_keeping),
                    "a stored state: census::paper_survey: firings were kept, and are not asked for");
  CHECK_THROWS_WITH(census::restore(census::store(not_keeping), keeping),
                    "a stored state: census::paper_survey: no firings were kept");
}

TEST_CASE("each neuron that fired is tested by halves of the documents, as a table of all of them tells it") {
  auto const blocks = census_test::random_blocks({.texts = 20, .sequences = 6, .neurons = 300, .layers = 1});
  census::paper_survey seen;
  census::firings_by by_half{census::key::tuple(census::document_halves(texts_of(blocks)), census::key::token{})};
  census::survey(blocks, seen, by_half);
  auto const claims = seen.result(0).tokens.claims;
  CHECK(claims == census::validate_detectors(by_half.table(0)));
  CHECK(std::ranges::count(claims, census::verdict::no, &census::tested_claim::verdict) > 100);
}

TEST_CASE("detectors may be asked to fire at every occurrence, which no number of them supports") {
  auto const blocks = census_test::random_blocks({.texts = 20, .sequences = 6, .neurons = 30, .layers = 1});
  census::detector_rule const every{.cover_at_most = 1000, .fires_on = {1, 1}, .explained = {1, 100}};
  census::paper_survey seen({.rules = {.token_detector = every}});
  census::survey(blocks, seen);
  auto const taken = seen.result(0);
  REQUIRE_FALSE(taken.tokens.detectors.empty());
  for (census::detector const& one : taken.tokens.detectors) {
    CHECK(one.supported_firings == 0);
    for (census::key_firings const& token : one.detected) CHECK(token.firings == token.occurrences);
  }
  CHECK(std::ranges::count(taken.tokens.claims, census::verdict::yes, &census::tested_claim::verdict) == 0);

  std::vector<census::ngram_rows> const bigrams{{2, census::join(texts_of(blocks))}};
  census::paper_survey of_ngrams({.rules = {.ngram_detector = every}});
  census::survey(blocks, of_ngrams);
  auto const ngrams = of_ngrams.result(0, bigrams).ngrams.at(0);
  REQUIRE_FALSE(ngrams.detectors.empty());
  for (census::detector const& one : ngrams.detectors) CHECK(one.supported_firings == 0);
  CHECK(ngrams.detectors.size() > seen.result(0, bigrams).ngrams.at(0).detectors.size());
}

TEST_CASE("verdicts and confident types are known only where both halves of the documents are large enough") {
  auto const taken_of = [](std::size_t documents, std::uint32_t full_sequences) {
    census::text_rows rows;  // documents of 8 tokens: neuron 0 fires at token 5, neuron 1 in the second half of each
    std::uint32_t const length = 8;
    for (std::uint32_t d = 0; d < documents; ++d)
      for (std::uint32_t piece = 0; piece < full_sequences; ++piece) {
        rows.sequences.push_back({.document = d,
                                  .piece = piece,
                                  .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                                  .length = length,
                                  .full = true});
        for (std::uint32_t p = 0; p < length; ++p) rows.tokens.push_back(p % 3 == 0 ? 5 : 6 + 11 * d + p);
      }
    std::vector<float> values;
    for (std::size_t row = 0; row < rows.tokens.size(); ++row) {
      values.push_back(rows.tokens[row] == 5 ? 1.f : 0.f);
      values.push_back(row % length >= 4 ? 1.f : 0.f);
    }
    census::paper_survey seen;
    seen.observe(census::make_block(0, census::share(rows), {std::move(values), 2}));
    auto taken = seen.result(0);
    census::judge_detectors(std::span(&taken, 1));
    return taken;
  };
  auto const one = taken_of(1, 200), three = taken_of(3, 70), four = taken_of(4, 25), short_ones = taken_of(4, 24);
  for (auto const* taken : {&one, &three, &four, &short_ones}) CHECK(taken->tokens.detectors.size() == 1);
  CHECK((one.tokens.claims.empty() && one.position.confident.empty()));
  CHECK((three.tokens.claims.empty() && three.position.confident.empty()));  // one document against two
  CHECK(four.tokens.verdicts.at(0) == census::verdict::yes);                 // 2 documents, 150 occurrences each
  REQUIRE(four.position.confident.size() == 2);                              // 50 full sequences each
  CHECK(four.position.confident[1]);
  CHECK(short_ones.tokens.verdicts.at(0) == census::verdict::yes);
  CHECK(short_ones.position.confident.empty());
}

TEST_CASE("the paper's survey takes a backend's blocks: the same tables, and at most one copy of a block on the host") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  auto const device = std::make_shared<far_away::device>();
  auto const far = sent(device, blocks);
  census::paper_survey here, there, counts_here({.keep_firings = false}), counts_there({.keep_firings = false});
  census::survey(blocks, here, counts_here);
  census::survey(far, counts_there);
  CHECK(device->blocks_brought == 0);  // whatever only counts is counted there
  census::kept_firings beside;
  census::survey(far, there, beside);
  CHECK(device->blocks_brought == static_cast<int>(blocks.size()));

  CHECK(counts_there == counts_here);
  CHECK(there == here);
  for (std::uint32_t const layer : {0u, 1u}) {
    CHECK(there.by_token(layer) == here.by_token(layer));
    CHECK(there.by_domain(layer) == here.by_domain(layer));
    CHECK(there.by_position(layer) == here.by_position(layer));
  }
}

TEST_CASE("the paper's survey keeps the laws on a backend's blocks") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks({.texts = 3, .sequences = 2, .neurons = 20, .layers = 1});
  CHECK(census::broken_laws(census::paper_survey(), sent(device, blocks)) == std::vector<std::string>{});
}

TEST_CASE("of a text without token ids all that asks for tokens is absent, and the rest as it is with them") {
  auto const known = census_test::random_blocks({.texts = 3, .sequences = 4, .neurons = 20, .layers = 1});
  std::vector<census::block> blocks;
  std::vector<census::shared_text> texts, known_texts;
  for (auto const& block : known) {
    texts.push_back(census::share(census::text_rows::without_tokens(block.text()->sequences)));
    known_texts.push_back(block.text());
    blocks.push_back(census::block(0, texts.back(), block.firings()));
  }
  census::paper_survey without, with;
  census::survey(blocks, without);
  census::survey(known, with);
  std::vector<census::ngram_rows> const ngrams{{2, census::join(texts)}}, known_ngrams{{2, census::join(known_texts)}};
  CHECK(ngrams[0].distinct() == 0);
  auto const taken = without.result(0, ngrams), expected = with.result(0, known_ngrams);
  CHECK(taken.tokens.firings.empty());
  CHECK(taken.tokens.cover.empty());
  CHECK(taken.tokens.detectors.empty());
  CHECK(taken.ngrams.at(0).detectors.empty());
  CHECK(without.by_token(0).rows() == 0);
  CHECK(taken.liveness.firings == expected.liveness.firings);
  CHECK(taken.position.mutual_information == expected.position.mutual_information);
  CHECK(taken.position.decoy_w == expected.position.decoy_w);
}
