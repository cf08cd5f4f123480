// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/statistic/silence_census.hpp>
#include <census/survey/activation_search.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/input_proposals.hpp>
#include <census/survey/pre_activation_survey.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/replay.hpp>
#include <census/survey/survey.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The pre-activations of some layers on a corpus, one survey a layer: what the layer's own rounding may have decided,
/// how far each neuron's went. Observers, such as progress, see every block.
template <layered_model Model, census_corpus Corpus, class... Observers>
std::vector<pre_activation_survey> survey_pre_activations(Model const& model, Corpus const& corpus,
                                                          std::size_t first_layer, std::size_t last_layer,
                                                          Observers&... observers) {
  text_list const texts = corpus.texts(std::max<std::size_t>(corpus.context(), 2048));
  auto running = layers(model, texts, {.layers = {first_layer, last_layer}, .keep_values = {true, true}});
  std::vector<pre_activation_survey> seen;
  for (auto&& layer : running) {
    auto const number = static_cast<std::uint32_t>(first_layer + seen.size());
    seen.emplace_back(number, pre_activation_ranges(model.architecture(), running.weights()));
    survey(layer, seen.back(), observers...);
  }
  return seen;
}

/// The neurons that never fired in a survey, ascending.
inline std::vector<std::uint32_t> silent_neurons(pre_activation_survey const& seen) {
  std::vector<std::uint32_t> silent;
  for (std::uint32_t n = 0; n < seen.ranges().size(); ++n)
    if (seen.near_zero()[n].firings == 0) silent.push_back(n);
  return silent;
}

/// How long to search for inputs that make silent neurons fire.
struct silence_search_options {
  activation_search_options inputs;
  std::size_t shuffles = 2;  ///< how often the text is tried in random order
  std::size_t rounds = 40;   ///< of mutations
};

namespace detail {

/// Tokens that a search may look at, each once a layer, from above: it ends early where all neurons fire.
struct search_size {
  std::uint64_t single, shuffle, round;

  search_size(std::uint64_t text, std::size_t layers, activation_search_options const& inputs)
      : single(layers * inputs.vocabulary_size * (inputs.bos ? 2 : 1)), shuffle(layers * text),
        round(layers * inputs.proposals * inputs.longest) {}
};

}  // namespace detail

/// Searches, for each silent neuron of which nothing is proven, an input that makes it fire: what came nearest in the
/// text, every token alone, the text in random order, then rounds of mutations. silent [layer]: the silent neurons of
/// each of the surveyed layers. What was found holds when it is run by itself. `progress` tells what is being tried,
/// how many are left, and for how long at most.
template <layered_model Model, census_corpus Corpus>
activation_search search_silent_neurons(Model const& model, Corpus const& corpus,
                                        std::span<pre_activation_survey const> layers_seen,
                                        std::vector<std::vector<std::uint32_t>> const& silent,
                                        silence_search_options const& options, progress& progress) {
  std::size_t const first = layers_seen.front().layer(), last = first + layers_seen.size();
  std::vector<std::vector<std::uint32_t>> wanted(last);
  for (std::size_t i = 0; i < layers_seen.size(); ++i)
    for (std::uint32_t const n : silent[i])
      if (layers_seen[i].ranges()[n].proof() != liveness_proof::dead) wanted[first + i].push_back(n);
  activation_search search(wanted, options.inputs);
  input_proposals propose(options.inputs);

  progress.step("what came nearest in the text");
  std::vector<shared_text> texts;
  for (auto const& text : text_list(corpus.texts(options.inputs.rows_per_text))) texts.push_back(text);
  search.now_trying("text");
  for (pre_activation_survey const& layer : layers_seen)
    for (shared_text const& text : texts) search.start_from(layer.layer(), layer.largest(), *text);

  detail::search_size const size(corpus.tokens(), layers_seen.size(), options.inputs);
  auto const try_out = [&](std::string const& what, std::string const& turn, std::uint64_t to_come,
                           std::vector<shared_text> inputs) {
    if (inputs.empty()) return;
    progress.now(what + turn + ", " + std::to_string(search.still_silent()) + " still silent", to_come);
    search.now_trying(what);
    for (auto&& layer :
         layers(model, text_list(std::move(inputs)), {.layers = {first, last}, .keep_values = {true, true}}))
      survey(layer, search, progress);
  };
  auto const turn = [](std::size_t i, std::size_t of) {
    return " " + std::to_string(i + 1) + " of " + std::to_string(of);
  };
  std::uint64_t const all_rounds = options.rounds * size.round, all_shuffles = options.shuffles * size.shuffle;
  try_out("single token", "", size.single + all_shuffles + all_rounds, propose.every_token());
  for (std::size_t i = 0; i < options.shuffles && search.still_silent() > 0; ++i)
    try_out("shuffled text", turn(i, options.shuffles), all_shuffles - i * size.shuffle + all_rounds,
            propose.shuffled(texts));
  for (std::size_t i = 0; i < options.rounds && search.still_silent() > 0; ++i)
    try_out("swaps", turn(i, options.rounds), all_rounds - i * size.round, propose.mutations(search));

  progress.now("each input by itself", 0);
  search.confirm(replay(model, search.activating_inputs()));  // of what rounding had decided, nothing is kept
  progress.finish();
  return search;
}

/// What is known of a layer's silent neurons after a search.
inline silence_census take_silence_census(pre_activation_survey const& seen, std::span<std::uint32_t const> silent,
                                          activation_search const& search) {
  auto const proven = [&](std::size_t neuron, liveness_proof what) { return seen.ranges()[neuron].proof() == what; };
  silence_census taken{.layer = seen.layer(), .neurons = seen.ranges().size(), .silent = {}};
  for (std::size_t n = 0; n < taken.neurons; ++n) {
    taken.always_on += proven(n, liveness_proof::always_on);
    taken.could_be_dead += seen.near_zero()[n].could_be_dead();
    taken.could_be_alive += seen.near_zero()[n].could_be_alive();
  }
  std::vector<bool> fired(taken.neurons);
  for (activating_input const& found : search.activating_inputs())
    if (found.layer == taken.layer) fired[found.neuron] = true;
  for (std::uint32_t const n : silent) {
    auto const& range = seen.ranges()[n];
    float const in_text = seen.largest()[n].value, largest = std::max(search.largest(taken.layer, n), in_text);
    taken.silent.push_back({.neuron = n,
                            .silence = proven(n, liveness_proof::dead) ? silence::provable
                                       : fired[n]                      ? silence::broken
                                                                       : silence::unknown,
                            .demanded_cosine = range.demanded_cosine(),
                            .largest_cosine_in_text = range.cosine(double{in_text}),
                            .largest_cosine = range.cosine(double{largest}),
                            .near_silences = seen.near_zero()[n].near_silences});
  }
  return taken;
}

}  // namespace census
