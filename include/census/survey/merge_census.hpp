// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>
#include <census/activation/text_list.hpp>
#include <census/archive/state_file.hpp>
#include <census/cancelled.hpp>
#include <census/error.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/detail/merge_state_file.hpp>
#include <census/survey/kept_corpus.hpp>
#include <census/survey/layer_state.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/take_census.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Where the states of layers come from: what censuses of parts of the text kept, merged.
class kept_states {
 public:
  static constexpr char const* step = "reading states";

  /// Bytes of memory to hold a layer's sequences against those of the texts.
  static std::uint64_t bytes(std::uint64_t sequences) { return 2 * sizeof(std::uint64_t) * sequences; }

  kept_states(std::vector<std::filesystem::path> folders, text_list const& texts)
      : folders_(std::move(folders)), sequences_(sorted_fingerprints(texts)) {}

  template <class Layer>
  void pass(Layer&&) {}

  template <class Layer>
  void fill(Layer&&, layer_state& state) {
    std::uint32_t const number = state.pre_activations.layer();
    layer_state const fresh = state;
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      check_not_cancelled();
      auto const path = folders_[i] / state_file_name(number);
      i == 0 ? read_state(path, what_state_holds(number), state)
             : merge_state_file(path, what_state_holds(number), fresh, state);
      check_text(path, state.paper.sequences(number), i + 1 == folders_.size());
    }
  }

 private:
  /// Throws bad_input naming the file where states are of sequences that the texts do not hold, or, where it is the
  /// last of them, not of all.
  void check_text(std::filesystem::path const& path, std::vector<std::uint64_t> seen, bool is_last) const {
    std::ranges::sort(seen);
    if (!std::ranges::includes(sequences_, seen) || (is_last && seen.size() != sequences_.size()))
      throw bad_input(path.string(), "is not of the text that " + std::string(text_state_name) +
                                         " beside it, and those of the other censuses, keep");
  }

  std::vector<std::filesystem::path> folders_;
  std::vector<std::uint64_t> sequences_;  // the fingerprints of those of all texts, ascending
};

}  // namespace detail

/// The texts that censuses of the model on parts of a corpus kept in their folders, put together. Throws bad_input
/// naming the file that is missing or spoiled, is of another corpus, or has a token that the model has not.
template <census_model Model>
kept_corpus read_kept_corpus(Model const& model, std::vector<std::filesystem::path> const& folders) {
  kept_corpus whole;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    auto const path = folders[i] / text_state_name;
    kept_corpus part;
    read_state(path, what_text_state_holds, part);
    if (part.tokens_end() > tokens_named(model))
      throw bad_input(path.string(), "has token " + std::to_string(part.tokens_end() - 1) +
                                         ", where the model has tokens 0 to " +
                                         std::to_string(tokens_named(model) - 1));
    try {
      i == 0 ? void(whole = std::move(part)) : whole.merge(part);
    } catch (std::invalid_argument const& error) {
      throw bad_input(path.string(), error.what());
    }
  }
  return whole;
}

/// Plans what merge_census holds: what a census of the whole text does but for its forward pass, and what merging
/// takes. Throws as plan_census does.
template <census_model Model>
census_plan plan_merge(Model const& model, kept_corpus const& corpus, census_options options = {}) {
  options.held_elsewhere += detail::bytes_to_merge(options, size_of_census(model, corpus, options)) +
                            detail::kept_states::bytes(corpus.sequences());
  auto plan = detail::plan_run(model, corpus, options, false);
  plan.firings_held /= 2;  // of what is merged; the other half of the part
  return plan;
}

/// The census of a model on a corpus of which several censuses counted parts and kept their states (state_file_name):
/// the same as take_census gives for the whole corpus, in whatever order and grouping the parts come. One layer's
/// states are in memory at a time. The model runs on nothing: it is asked for token texts, for what neurons add to the
/// residual stream, and for what its weights prove.
///
///     auto const corpus = census::read_kept_corpus(model, folders);
///     auto run = census::merge_census(model, corpus, census::plan_merge(model, corpus, options), folders);
///     for (auto&& layer : run) folder.append(layer);
///
/// Throws bad_input naming the file that is missing, spoiled or cut short, or holds what another part counted, too.
template <census_model Model>
census_run<Model, detail::kept_states> merge_census(Model const& model, kept_corpus const& corpus,
                                                    census_plan const& plan,
                                                    std::vector<std::filesystem::path> folders) {
  return {model, text_list(), corpus.texts(), plan, detail::kept_states(std::move(folders), corpus.texts())};
}

}  // namespace census
