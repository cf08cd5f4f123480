// SPDX-License-Identifier: MIT
#include <census/survey/take_census.hpp>

#include <census/accumulator/largest_values.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using census::token_id;

/// Neuron n fires at token 3 + n, but the last four: by position, never, always, and at the first token of documents.
float rule(std::uint32_t layer, std::size_t neuron, std::span<token_id const> tokens, std::size_t position) {
  if (neuron == 28) return position % 8 < 4 ? 1.f : -1.f;
  if (neuron == 29) return -1.f;
  if (neuron == 30) return 1.f;
  if (neuron == 31) return position == 0 ? 1.f : -1.f;
  return tokens[position] == 3 + neuron + layer ? 1.f : -1.f;
}

elsewhere::toy_model a_model() { return {{.layers = 3, .ffn_size = 32, .vocabulary_size = 40}, rule}; }
elsewhere::toy_corpus a_corpus() { return {60, 24, 40}; }

}  // namespace

TEST_CASE("a census layer by layer is what the survey of the whole paper gives on the same blocks") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto const plan = census::plan_census(model, corpus, {.keep_tables = true});
  std::vector<census::ngram_rows> ngrams;
  auto const whole = census::join(corpus.texts(), corpus.tokens());
  for (std::size_t n = 2; n <= 3; ++n) ngrams.emplace_back(n, whole);

  std::uint32_t number = 0;
  for (auto&& layer : census::take_census(model, corpus, plan)) {
    census::paper_survey by_hand;
    for (auto const& text : corpus.texts()) by_hand.observe(model.run(number, text, false));
    auto const expected = by_hand.result(number, ngrams);
    CHECK(layer.census.layer == number);
    CHECK(layer.census.liveness.firings == expected.liveness.firings);
    CHECK(layer.census.tokens.cover == expected.tokens.cover);
    CHECK(layer.census.tokens.detectors == expected.tokens.detectors);
    CHECK(layer.census.tokens.claims == expected.tokens.claims);
    CHECK(layer.census.ngrams == expected.ngrams);
    CHECK(layer.census.position.mutual_information == expected.position.mutual_information);
    CHECK(layer.census.position.types == expected.position.types);
    CHECK(layer.by_domain == by_hand.by_domain(number));
    CHECK(layer.by_position == by_hand.by_position(number));
    REQUIRE(layer.by_token.has_value());
    CHECK(*layer.by_token == by_hand.by_token(number));
    REQUIRE(layer.token_strings.size() == layer.by_token->rows());
    for (std::size_t row = 0; row < layer.by_token->rows(); ++row)
      CHECK(layer.token_strings[row] == token_text(model, layer.by_token->keys[row]));
    CHECK(layer.census.tokens.detectors.size() > 20);
    CHECK(layer.census.pre_activations->provably_dead[2]);
    CHECK(layer.census.pre_activations->near_zero.empty());
    ++number;
  }
  CHECK(number == 3);
}

TEST_CASE("a census runs a layer when it is looked for, and holds the tables of one") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto run = census::take_census(model, corpus, census::plan_census(model, corpus));
  STATIC_REQUIRE(std::ranges::input_range<decltype(run)>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<decltype(run)>);
  CHECK(model.seen().run.empty());
  for (auto&& layer : run) {
    CHECK(model.seen().run.size() == layer.census.layer + 1);
    CHECK(model.seen().dropped == model.seen().run);
    CHECK_FALSE(layer.by_token.has_value());  // not asked for
  }
  CHECK(model.seen().run == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("what is done between the making of a census and its first layer is not among its seconds") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto run = census::take_census(model, corpus, census::plan_census(model, corpus));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  for ([[maybe_unused]] auto&& layer : run) {
  }
  REQUIRE(run.seconds().front().first == "n-grams");  // the first that it does
  CHECK(run.seconds().front().second < 0.5);
}

TEST_CASE("layers before those asked for are run, seen by observers, and left out") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  struct counted {
    std::vector<std::uint32_t> layers;
    void observe(census::block const& block) {
      if (layers.empty() || layers.back() != block.layer()) layers.push_back(block.layer());
    }
  } observer;
  std::vector<std::uint32_t> taken;
  auto const plan = census::plan_census(model, corpus, {.first_layer = 1, .last_layer = 2, .longest_ngram = 1});
  for (auto&& layer : census::take_census(model, corpus, plan, observer)) {
    taken.push_back(layer.census.layer);
    CHECK(layer.census.ngrams.empty());
  }
  CHECK(taken == std::vector<std::uint32_t>{1});
  CHECK(observer.layers == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("profiles of all layers come after the last one, with the texts that the model gives its tokens") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto run = census::take_census(model, corpus, census::plan_census(model, corpus));
  CHECK_THROWS_AS(run.profiles(), std::logic_error);
  std::size_t detectors = 0;
  for (auto&& layer : run) {
    detectors += layer.census.tokens.detectors.size();
    for (auto const& ngrams : layer.census.ngrams) detectors += ngrams.detectors.size();
  }
  std::size_t detecting = 0;
  for (auto const& profile : run.profiles()) {
    detecting += profile.is_detector;
    if (!profile.is_detector || profile.layer != 0 || profile.neuron != 5 || profile.ngrams[0].ids.size() != 1)
      continue;
    CHECK(profile.ngrams.front().text == "<8>");      // 3 + 5
    CHECK(profile.promoted.front().id % 3 == 5 % 3);  // along the axis that it pushes along
    CHECK(profile.trigger.null_percentile.has_value());
  }
  CHECK(detecting == detectors);
}

TEST_CASE("a census tells how far the text goes by n, and its seconds by phase") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto run = census::take_census(model, corpus, census::plan_census(model, corpus, {.longest_ngram = 4}));
  CHECK(run.ngram_coverage().empty());
  for (auto&& layer : run) CHECK(layer.census.ngrams.size() == 3);
  run.profiles();
  REQUIRE(run.ngram_coverage().size() == 4);
  for (std::size_t n = 1; n <= 4; ++n) CHECK(run.ngram_coverage()[n - 1].first == n);
  CHECK(run.ngram_coverage()[0].second.tokens == 60 * 23);  // without BOS,
  CHECK(run.ngram_coverage()[1].second.tokens == 60 * 22);  // and the first token of a sequence ends no bigram
  std::vector<std::string> phases;
  for (auto const& [phase, seconds] : run.seconds()) phases.push_back(phase);
  CHECK(phases == std::vector<std::string>{"n-grams", "survey", "statistics", "projection"});
}

TEST_CASE(
    "a census tells what each neuron of each layer promotes and suppresses, dead ones too, as vectors of theirs do") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  for (std::size_t const asked : {0, 3, 100}) {
    auto const plan = census::plan_census(model, corpus, {.longest_ngram = 1, .projections = asked});
    std::size_t const ranked = std::min<std::size_t>(asked, 40);  // no more than there are tokens
    CHECK(plan.options.projections == ranked);
    std::uint32_t number = 0;
    auto run = census::take_census(model, corpus, plan);
    for (auto&& layer : run) {
      REQUIRE(layer.projections.has_value() == (asked > 0));
      if (asked == 0) continue;
      auto const& told = *layer.projections;
      REQUIRE(told.neurons() == 32);
      for (std::size_t neuron = 0; neuron < 32; ++neuron) {
        auto const scores = census::vocabulary_projection(model.embedding_rows(0, 40),
                                                          model.on_embedding(model.update(number, neuron)));
        auto const promoted = census::top_promoted(scores, ranked), suppressed = census::top_suppressed(scores, ranked);
        for (std::size_t rank = 0; rank < ranked; ++rank) {
          CHECK(told.promoted.scores[neuron * ranked + rank] == Approx(promoted[rank].score).margin(1e-6));
          CHECK(told.suppressed.scores[neuron * ranked + rank] == Approx(suppressed[rank].score).margin(1e-6));
          auto const id = static_cast<Eigen::Index>(told.promoted.ids[neuron * ranked + rank]);
          CHECK(scores[id] == Approx(promoted[rank].score).margin(1e-6));
        }
      }
      for (auto const& [token, text] : told.token_texts) CHECK(text == token_text(model, token));
      CHECK(told.token_texts.contains(told.suppressed.ids.back()));
      ++number;
    }
    if (asked > 0) CHECK(run.seconds()[3].first == "projection");
  }
}

TEST_CASE("a census with examples tells those of each layer, with the texts that the model gives their tokens") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  for (bool const pre_activations : {false, true}) {
    census::census_options const options{
        .longest_ngram = 1, .pre_activations = pre_activations, .examples = 3, .example_bins = 2};
    std::uint32_t number = 0;
    for (auto&& layer : census::take_census(model, corpus, census::plan_census(model, corpus, options))) {
      census::top_examples by_hand(options.which_examples());
      for (auto const& text : corpus.texts()) by_hand.observe(model.run(number, text, true));
      REQUIRE(layer.examples.has_value());
      CHECK(layer.examples->neurons == by_hand.at(number).neurons);
      CHECK(layer.examples->neurons.size() > 20);
      for (auto const& [token, text] : layer.examples->token_texts) CHECK(text == token_text(model, token));
      layer.examples->for_each([&](census::activation_example const& one) {
        for (token_id const token : one.ids) CHECK(layer.examples->token_texts.contains(token));
      });
      ++number;
    }
    CHECK(number == 3);
  }
  for (auto&& layer : census::take_census(model, corpus, census::plan_census(model, corpus, {.longest_ngram = 1})))
    CHECK_FALSE(layer.examples.has_value());
}

TEST_CASE("observers of a census get the values of all neurons where they need them, with examples and without") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  census::largest_values expected;
  for (std::size_t layer = 0; layer < 3; ++layer)
    for (auto const& text : corpus.texts()) expected.observe(model.run(layer, text, true));
  for (std::size_t const examples : {0, 2}) {
    census::census_options const options{.longest_ngram = 1, .examples = examples, .observers_need_values = true};
    census::largest_values seen;
    for (auto&& layer : census::take_census(model, corpus, census::plan_census(model, corpus, options), seen))
      CHECK(layer.examples.has_value() == (examples > 0));
    CHECK(seen == expected);
  }
}

TEST_CASE("a census tells what it begins, layer by layer") {
  std::vector<std::string> told;
  census::census_options options{.last_layer = 2};
  options.keep_state = [](std::uint32_t, census::stored_state const&) {};
  options.tell_step = [&](std::string const& step, std::optional<std::uint32_t> layer) {
    told.push_back(step + (layer ? " " + std::to_string(*layer) : ""));
  };
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto run = census::take_census(model, corpus, census::plan_census(model, corpus, options));
  for (auto&& layer : run) told.push_back("result " + std::to_string(layer.census.layer));
  run.profiles();
  CHECK(told == std::vector<std::string>{"n-grams", "survey 0", "states 0", "statistics 0", "result 0", "survey 1",
                                         "states 1", "statistics 1", "result 1", "projection"});
}

TEST_CASE("a census of pre-activations tells how near neurons came to firing") {
  auto const model = a_model();
  auto const corpus = a_corpus();
  auto const plan = census::plan_census(model, corpus, {.pre_activations = true});
  for (auto&& layer : census::take_census(model, corpus, plan)) {
    auto const& near = *layer.census.pre_activations;
    REQUIRE(near.near_zero.size() == 32);
    CHECK(near.near_zero[30].firings == corpus.tokens());
    CHECK(near.largest_cosine[29] == -0.125);  // -1, where the centre is -0.5 and the reach 4
  }
}
