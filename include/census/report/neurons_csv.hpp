// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column.hpp>
#include <census/report/column_name.hpp>
#include <census/report/detail/csv_writer.hpp>
#include <census/report/detail/ngram_name.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/position_estimate.hpp>
#include <census/statistic/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace census {

/// What a row of neurons.csv tells of: a neuron of a layer.
struct neuron_row {
  layer_census const& layer;
  std::size_t neuron;

  /// The neuron's figure among those of all neurons; none where these are not known.
  template <class Figure>
  std::optional<Figure> of(std::vector<Figure> const& figures) const {
    return figures.empty() ? std::nullopt : std::optional<Figure>(figures[neuron]);
  }

  /// The same for figures of which 0 says that there is none.
  std::optional<std::uint32_t> unless_zero(std::vector<std::uint32_t> const& figures) const {
    auto const figure = of(figures);
    return figure == 0u ? std::nullopt : figure;
  }

  std::optional<bool> is_token_detector() const {
    if (layer.tokens.cover.empty()) return std::nullopt;  // the text tells no tokens
    return std::ranges::binary_search(layer.tokens.detectors, neuron, {}, &detector::neuron);
  }

  std::optional<typed_neuron> type() const { return of(layer.position.types).value_or(std::nullopt); }

  pre_activation_census const& pre_activations() const {
    static pre_activation_census const none;
    return layer.pre_activations ? *layer.pre_activations : none;
  }
};

namespace detail {

inline constexpr std::string_view meaning_of_cover =
    "the fewest n-grams whose firings sum to 95 % of those at all n-grams; none contains BOS or crosses the start of a "
    "sequence";

inline columns<neuron_row> neuron_columns_of_firings() {
  return {{column_name::layer, "the layer, from 0", [](neuron_row const& at) { return at.layer.layer; }},
          {column_name::neuron, "its number in the layer, from 0", [](neuron_row const& at) { return at.neuron; }},
          {column_name::firings, "tokens at which it fires, BOS included",
           [](neuron_row const& at) { return at.layer.liveness.firings[at.neuron]; }},
          {"firings_without_bos", "tokens at which it fires, BOS left out",
           [](neuron_row const& at) { return at.of(at.layer.tokens.firings); }},
          {"frequency", "firings / tokens, BOS in both",
           [](neuron_row const& at) { return at.layer.liveness.frequency(at.neuron); }},
          {"firing_rate_upper_95",
           "of a neuron that never fired: 1 − 0.05^(1/documents). With 95 % confidence it fires in less than this "
           "share of documents",
           [](neuron_row const& at) {
             bool const fired = at.layer.liveness.firings[at.neuron] > 0;
             return fired ? std::nullopt : at.layer.liveness.firing_rate_upper_95;
           }}};
}

inline columns<neuron_row> neuron_columns_of_verdicts() {
  return {
      {"cover_unigram", meaning_of_cover, [](neuron_row const& at) { return at.unless_zero(at.layer.tokens.cover); }},
      {"token_detector",
       "1: cover_unigram ≤ 5, and the tokens on which it fires at ≥ 95 % of their occurrences hold ≥ 95 % of its "
       "firings",
       [](neuron_row const& at) { return at.is_token_detector(); }},
      {column_name::mutual_information,
       "I = 1/T Σ_p [f ln(f/f̄) + (1−f) ln((1−f)/(1−f̄))], nats, f its frequency at position p: the paper's formula, "
       "over all positions of full sequences",
       [](neuron_row const& at) { return at.of(at.layer.position.mutual_information); }},
      {column_name::mutual_information_corrected,
       "mutual_information over positions from 1, less its exact expectation under permutation (a function of the "
       "firing "
       "count alone)",
       [](neuron_row const& at) { return at.of(at.layer.position.mutual_information_corrected); }},
      {column_name::positional, "mutual_information > 0.05: the paper's rule",
       [](neuron_row const& at) { return at.of(at.layer.position.positional); }},
      {column_name::positional_corrected,
       "mutual_information_inside > 0.05 and W at least the threshold that lets a twentieth of false ones pass, over "
       "all layers; with 10 to 49 full sequences inside documents also mutual_information_corrected > 0.05; empty with "
       "fewer",
       [](neuron_row const& at) { return at.of(at.layer.position.positional_corrected); }}};
}

inline columns<neuron_row> neuron_columns_of_detection() {
  return {{"detector_order",
           "the least n of whose n-grams it is a detector (cover ≤ 50 for n ≥ 2); empty where of none",
           [](neuron_row const& at) { return at.unless_zero(at.layer.detector_order); }},
          {"repeat_rate",
           "Σ c(c−1) / Σ c(N−1) over the tokens, at which it fires c of N times: the chance that it fires at another "
           "occurrence of a token, given that it fired at one",
           [](neuron_row const& at) { return at.of(at.layer.tokens.repeat_rates); }}};
}

inline columns<neuron_row> neuron_columns_of_validation() {
  return {
      {"token_detector_verdict",
       "of a neuron that fired, not at BOS alone: surely or no, where a claim that it is, or is not, a token detector, "
       "made on one half "
       "of the documents, is borne out by the other, 5 % error for all claims of all layers together; else possibly",
       [](neuron_row const& at) {
         auto const verdict = at.of(at.layer.tokens.verdicts);
         return verdict && at.layer.tokens.firings[at.neuron] > 0 ? std::optional(name_of(*verdict)) : std::nullopt;
       }}};
}

inline columns<neuron_row> neuron_columns_of_position() {
  return {
      {"mutual_information_inside",
       "mutual_information_corrected over sequences that do not begin a document: what titles and licences put "
       "into the others is gone",
       [](neuron_row const& at) { return at.of(at.layer.position.mutual_information_inside); }},
      {"decoy_w",
       "W = I less that of a decoy, a table in which each sequence is rotated by an offset of its own: rates and "
       "bursts stay, position goes",
       [](neuron_row const& at) { return at.of(at.layer.position.decoy_w); }},
      {column_name::positional_type,
       "of a neuron positional by either rule: other, one_extreme, both_extremes, oscillatory, by exact "
       "segmentation of its frequency over position",
       [](neuron_row const& at) {
         auto const type = at.type();
         return type ? std::optional(name_of(type->type)) : std::nullopt;
       }},
      {column_name::positional_strong,
       "1: positional_type is the same within 1 % of the extremes, 300 cells behind each; of *other*, a thin graph",
       [](neuron_row const& at) {
         auto const type = at.type();
         return type ? std::optional(type->strong) : std::nullopt;
       }},
      {"positional_confident",
       "1: positional_type is the same in both halves of the documents and in each domain of 50 full sequences or more",
       [](neuron_row const& at) { return at.type() ? at.of(at.layer.position.confident) : std::nullopt; }}};
}

inline columns<neuron_row> neuron_columns_of_pre_activations() {
  auto const near_zero = [](std::uint64_t near_zero_counts::*count) {
    return [count](neuron_row const& at) {
      auto const counts = at.of(at.pre_activations().near_zero);
      return counts ? std::optional((*counts).*count) : std::nullopt;
    };
  };
  return {{"demanded_cosine",
           "κ = −c / (√d ‖u − mean u‖): how well the normed input must point along the neuron's weights before it "
           "fires. ≥ 1 never, < −1 always, whatever the text",
           [](neuron_row const& at) { return at.of(at.pre_activations().demanded_cosine); }},
          {"largest_cosine",
           "with `--pre-activations`: the largest that this text gave, to hold against demanded_cosine",
           [](neuron_row const& at) { return at.of(at.pre_activations().largest_cosine); }},
          {"provably_dead", "1: the weights prove that it never fires; the proof holds in floats",
           [](neuron_row const& at) { return at.of(at.pre_activations().provably_dead); }},
          {"always_on", "1: the weights prove that it always fires; the proof holds in floats",
           [](neuron_row const& at) { return at.of(at.pre_activations().always_on); }},
          {"near_firings",
           "with `--pre-activations`: firings whose pre-activation is at most a bound on the layer's own float32 "
           "rounding, (6 √d + 16) · 2⁻²⁴ · magnitude",
           near_zero(&near_zero_counts::near_firings)},
          {"near_silences", "with `--pre-activations`: silences whose pre-activation is within the same bound of zero",
           near_zero(&near_zero_counts::near_silences)}};
}

/// What is known of position beside the verdicts: inside documents, for the neuron's own rate, and how surely.
inline columns<neuron_row> neuron_columns_of_position_estimates() {
  auto const end = [](double information_interval::*which) {
    return [=](neuron_row const& at) {
      position_estimate const& estimate = at.layer.position.estimate;
      return estimate.of_neuron.empty() ? std::nullopt : std::optional(estimate.interval_95(at.neuron).*which);
    };
  };
  return {
      {"decoy_w_inside", "W over sequences that do not begin a document",
       [](neuron_row const& at) { return at.of(at.layer.position.decoy_w_inside); }},
      {"mutual_information_share",
       "mutual_information_corrected / H(f), f its frequency at positions from 1 of full sequences: the share of what "
       "is uncertain about its firing that position tells",
       [](neuron_row const& at) {
         auto const entropy = at.of(at.layer.position.firing_entropy);
         if (!entropy || *entropy == 0) return std::optional<double>();
         return std::optional(at.layer.position.mutual_information_corrected[at.neuron] / *entropy);
       }},
      {"mutual_information_jackknife",
       "I over positions from 1 of full sequences that do not begin a document, by a jackknife over groups of "
       "documents",
       [](neuron_row const& at) {
         auto const estimate = at.of(at.layer.position.estimate.of_neuron);
         return estimate ? std::optional(estimate->value) : std::nullopt;
       }},
      {"mutual_information_lower_95",
       "lower end of its 95 % interval, by Student's t with positional_groups − 1 degrees of freedom, not below 0",
       end(&information_interval::lower)},
      {"mutual_information_upper_95", "upper end of the same", end(&information_interval::upper)},
      {"positional_verdict",
       "of mutual_information_jackknife > 0.05: surely, possibly or no, 5 % error for all neurons of the model "
       "together "
       "(Holm)",
       [](neuron_row const& at) {
         auto const verdict = at.of(at.layer.position.above_threshold).value_or(std::nullopt);
         return verdict ? std::optional(name_of(*verdict)) : std::nullopt;
       }},
      {"positional_type_by_own_rate",
       "positional_type where a frequency counts as low within min(1, 2f) times the margin of 0, and as high within "
       "min(1, 2(1−f)) times of 1, f the neuron's own",
       [](neuron_row const& at) {
         auto const type = at.type();
         return type ? std::optional(name_of(type->by_own_rate)) : std::nullopt;
       }}};
}

}  // namespace detail

/// The columns of neurons.csv for a census of these n-grams, n = 2, 3, ...: to add one, add it here and its line to
/// docs/results.md.
inline columns<neuron_row> neuron_columns(std::span<std::size_t const> ngrams) {
  columns<neuron_row> all = detail::neuron_columns_of_firings();
  auto const append = [&](columns<neuron_row> const& more) { all.insert(all.end(), more.begin(), more.end()); };
  append(detail::neuron_columns_of_verdicts());
  for (std::size_t i = 0; i < ngrams.size(); ++i)
    all.emplace_back("cover_" + detail::name_of_ngram(ngrams[i]), detail::meaning_of_cover,
                     [i](neuron_row const& at) { return at.unless_zero(at.layer.ngrams.at(i).cover); });
  append(detail::neuron_columns_of_detection());
  append(detail::neuron_columns_of_position());
  append(detail::neuron_columns_of_pre_activations());
  append(detail::neuron_columns_of_validation());
  append(detail::neuron_columns_of_position_estimates());
  return all;
}

/// neurons.csv: a row a neuron. All layers have the same n-grams.
inline void write_neurons_csv(std::ostream& out, std::span<layer_census const> layers) {
  detail::csv_writer<neuron_row> table(out, neuron_columns(detail::ngrams_of(layers)));
  for (layer_census const& layer : layers)
    for (std::size_t neuron = 0; neuron < layer.neurons(); ++neuron) table.write({layer, neuron});
}

}  // namespace census
