// SPDX-License-Identifier: MIT
#include <census/survey/plan_census.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>
#include <support/without_temporary_folder.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

elsewhere::toy_model const planned_model({.layers = 3, .ffn_size = 4096}, {});
elsewhere::toy_corpus const planned_corpus(300, 256, 60);
constexpr std::uint64_t mebibyte = 1 << 20;

/// The same documents, and 100 of them a second time.
struct corpus_with_copies : elsewhere::toy_corpus {
  corpus_with_copies() : toy_corpus(planned_corpus) {}

  std::uint64_t tokens() const { return toy_corpus::tokens() / 3 * 4; }
  std::uint64_t documents() const { return 400; }
  std::uint64_t sequences() const { return 400; }
  std::uint64_t full_sequences() const { return 400; }
  census::text_list texts(std::size_t = 0) const {
    std::vector<census::shared_text> all;
    for (census::shared_text const& text : toy_corpus::texts()) all.push_back(text);
    for (std::size_t d = 0; d < 100; ++d) {
      census::text_rows copy = *all[d];
      copy.sequences[0].document += 300;
      all.push_back(census::share(std::move(copy)));
    }
    return all;
  }
};

/// The smallest memory that a refusal names, in bytes.
std::uint64_t smallest(census::census_options options) {
  options.memory = mebibyte;
  try {
    census::plan_census(planned_model, planned_corpus, options);
  } catch (census::bad_input const& error) {
    std::string const message = error.what();
    auto const at = message.find("at least ");
    REQUIRE(at != std::string::npos);
    return std::stoull(message.substr(at + 9)) * mebibyte;
  }
  FAIL("one mebibyte should be too little");
  return 0;
}

}  // namespace

TEST_CASE("the smallest memory that a refusal names is accepted, and one mebibyte less is not, for any threads") {
  for (bool const pre_activations : {false, true})
    for (std::size_t const threads : {1, 2, 3, 8}) {
      CAPTURE(pre_activations, threads);
      census::census_options options{.pre_activations = pre_activations, .threads = threads};
      options.memory = smallest(options);
      auto const plan = census::plan_census(planned_model, planned_corpus, options);
      CHECK(plan.total() <= options.memory);
      options.memory -= mebibyte;
      CHECK_THROWS_AS(census::plan_census(planned_model, planned_corpus, options), census::bad_input);
    }
}

TEST_CASE(
    "with pre-activations as many sequences are at work as threads, where these fit into a quarter of the memory") {
  constexpr std::uint64_t a_sequence = 2 * 4 * 256 * 4096;
  census::census_options options{.pre_activations = true, .threads = 8};
  for (options.memory = smallest(options); options.memory < 2048 * mebibyte; options.memory += 16 * mebibyte) {
    auto const plan = census::plan_census(planned_model, planned_corpus, options);
    CHECK(plan.total() <= options.memory);
    CHECK((plan.values == a_sequence || (plan.values == 8 * a_sequence && plan.values <= options.memory / 4)));
    CHECK(plan.rows_per_block == plan.values / a_sequence * 256);
  }
  CHECK(census::plan_census(planned_model, planned_corpus, options).values == 8 * a_sequence);
}

TEST_CASE("with examples, blocks keep their size where their values fit into a quarter of the memory") {
  constexpr std::uint64_t a_sequence = 2 * 4 * 256 * 4096;
  census::census_options options{.examples = 5, .example_bins = 2, .threads = 2};
  auto without = options;
  without.examples = without.example_bins = 0;
  std::size_t largest = 0;
  for (options.memory = smallest(options); options.memory <= 4096 * mebibyte; options.memory += 64 * mebibyte) {
    without.memory = options.memory;
    auto const plan = census::plan_census(planned_model, planned_corpus, options),
               plain = census::plan_census(planned_model, planned_corpus, without);
    CHECK(plan.total() <= options.memory);
    CHECK(plan.examples > 2 * census::top_examples::bytes({.count = 5, .bins = 2}, 4096, 300));
    CHECK(plan.values == plan.rows_per_block / 256 * a_sequence);
    CHECK((plan.values <= options.memory / 4 || plan.rows_per_block == 256));
    CHECK(plan.rows_per_block <= plain.rows_per_block);
    CHECK(plain.examples == 0);
    largest = plan.rows_per_block;
  }
  CHECK(largest == census::plan_census(planned_model, planned_corpus, without).rows_per_block);
}

TEST_CASE("a plan stays within the memory allowed, and holds what fits of firings and residual streams") {
  census::census_options options{.threads = 2};
  for (options.memory = smallest(options); options.memory < 2048 * mebibyte; options.memory *= 2) {
    auto const plan = census::plan_census(planned_model, planned_corpus, options);
    CHECK(plan.total() <= options.memory);
    CHECK(plan.firings_held <= plan.firings);
    CHECK(plan.residuals_held <= plan.residuals);
    CHECK(plan.firings == planned_corpus.tokens() * 4096 / 8);
  }
  options.memory = 2048 * mebibyte;
  auto const ample = census::plan_census(planned_model, planned_corpus, options);
  CHECK(ample.firings_held == ample.firings);
  CHECK(ample.residuals_held == ample.residuals);
}

TEST_CASE("a census is planned without a folder for temporary files") {
  without_temporary_folder const missing;
  CHECK(census::plan_census(planned_model, planned_corpus).options.folder.empty());
}

TEST_CASE("a plan without n-grams keeps no firings and needs less, and pre-activations need more") {
  auto const with = census::plan_census(planned_model, planned_corpus, {.threads = 1}),
             without = census::plan_census(planned_model, planned_corpus, {.longest_ngram = 1, .threads = 1}),
             values = census::plan_census(planned_model, planned_corpus, {.pre_activations = true, .threads = 1});
  CHECK(without.firings == 0);
  CHECK(without.survey.ngrams == 0);
  CHECK(without.total() < with.total());
  CHECK(values.values == 2 * 4 * 256 * 4096);
  CHECK(values.rows_per_block == 256);
  CHECK_THROWS_WITH(census::plan_census(planned_model, planned_corpus, {.memory = mebibyte}),
                    Catch::Contains("memory 1MiB: this needs at least ") && Catch::Contains("without n-grams"));
}

TEST_CASE("a plan tells how the documents are halved, where firings are kept") {
  auto const plan = census::plan_census(planned_model, planned_corpus);
  REQUIRE(plan.halves.has_value());
  CHECK((*plan.halves)[0].documents + (*plan.halves)[1].documents == 300);
  CHECK((*plan.halves)[0].tokens + (*plan.halves)[1].tokens == planned_corpus.tokens());
  CHECK(can_confirm(*plan.halves));
  CHECK_FALSE(census::plan_census(planned_model, planned_corpus, {.longest_ngram = 1}).halves.has_value());
}

TEST_CASE("a plan tells how many documents are copies of others, whether firings are kept or not") {
  for (std::size_t const longest : {1, 3}) {
    CHECK(census::plan_census(planned_model, planned_corpus, {.longest_ngram = longest}).copies == 0);
    CHECK(census::plan_census(planned_model, corpus_with_copies(), {.longest_ngram = longest}).copies == 100);
  }
}

TEST_CASE("a plan fills in the range of layers, and refuses those that the model has not") {
  auto const plan = census::plan_census(planned_model, planned_corpus, {.first_layer = 1});
  CHECK(plan.options.first_layer == 1);
  CHECK(plan.options.last_layer == 3);
  CHECK(plan.size.layers == 2);
  CHECK(plan.weights_read == 3000);
  CHECK_THROWS_AS(census::plan_census(planned_model, planned_corpus, {.first_layer = 3}), census::bad_input);
  CHECK_THROWS_AS(census::plan_census(planned_model, planned_corpus, {.longest_ngram = 0}), std::invalid_argument);
}
