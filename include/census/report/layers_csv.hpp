// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/suppression_summary.hpp>
#include <census/report/column.hpp>
#include <census/report/column_name.hpp>
#include <census/report/detail/csv_writer.hpp>
#include <census/report/detail/layer_detector_columns.hpp>
#include <census/report/detail/layer_position_columns.hpp>
#include <census/report/detail/ngram_name.hpp>
#include <census/report/layer_row.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_summary.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

namespace detail {

inline columns<layer_row> layer_columns_of_liveness() {
  return {{column_name::layer, "the layer, from 0", [](layer_row const& row) { return row.census.layer; }},
          {column_name::neurons, "neurons of the layer", [](layer_row const& row) { return row.census.neurons(); }},
          {column_name::dead, "neurons that never fired, BOS included",
           [](layer_row const& row) { return row.summary.dead; }},
          {"dead_share", "dead / neurons", [](layer_row const& row) { return row.census.liveness.dead_share; }},
          {"mean_frequency_alive", "mean of firings / tokens over the neurons that fired",
           [](layer_row const& row) { return row.census.liveness.mean_frequency_alive; }}};
}

inline columns<layer_row> layer_columns_of_unseen() {
  auto const of = [](auto unseen_estimate::*figure) {
    return [=](layer_row const& row) { return figure_of(row.census.liveness.unseen, figure); };
  };
  return {{"documents", "m: documents of the text", of(&unseen_estimate::documents)},
          {"woken_by_one_document", "Q1: neurons that fired in one document only", of(&unseen_estimate::once)},
          {"woken_by_two_documents", "Q2: neurons that fired in two documents only", of(&unseen_estimate::twice)},
          {"next_document_wakes", "Q1/m: how many dead neurons another such document wakes, on average",
           of(&unseen_estimate::next_document)},
          {"still_to_wake",
           "(m−1)/m · Q1²/(2·Q2), or (m−1)/m · Q1(Q1−1)/2 where Q2 = 0: on average at least so many would still wake "
           "with more such text, at most the dead",
           of(&unseen_estimate::still_to_wake)}};
}

inline columns<layer_row> layer_columns_of_pre_activations() {
  auto const proof = [](std::uint64_t proof_counts::*count) {
    return [=](layer_row const& row) { return figure_of(row.summary.proofs, count); };
  };
  auto const rounding = [](std::uint64_t rounding_counts::*count) {
    return [=](layer_row const& row) { return figure_of(row.summary.near_zero, count); };
  };
  return {{"provably_dead", "neurons that never fire, by their weights", proof(&proof_counts::dead)},
          {"always_on", "neurons that always fire, by their weights", proof(&proof_counts::always_on)},
          {"dead_by_rounding", "neurons all of whose firings are near zero: other rounding could make them dead",
           rounding(&rounding_counts::could_be_dead)},
          {"alive_by_rounding", "silent neurons with silences near zero: other rounding could make them alive",
           rounding(&rounding_counts::could_be_alive)}};
}

/// How far verdicts and estimates among the other columns reach.
inline columns<layer_row> layer_columns_of_reach() {
  return {{"still_to_wake_error", "Chao's standard error of still_to_wake, before that is held to the dead",
           [](layer_row const& row) {
             return figure_of(row.census.liveness.unseen, &unseen_estimate::still_to_wake_error);
           }},
          {"token_detector_claims",
           "claims that a neuron is, or is not, a token detector: the layer's part of the family that "
           "token_detectors_surely and token_detectors_refuted are judged in",
           [](layer_row const& row) { return figure_of(row.summary.token_verdicts, &verdict_counts::claims); }}};
}

/// What rounding does, measured on a sample of the text.
inline columns<layer_row> layer_columns_of_rounding() {
  auto const of = [](auto const& figure) {
    return [=](layer_row const& row) {
      auto const& rounding = row.census.rounding;
      return rounding ? std::optional(std::invoke(figure, *rounding)) : std::nullopt;
    };
  };
  return {{"rounding_tokens", "tokens of the sample that was also computed in double precision, of the same weights",
           of(&rounding_error::tokens)},
          {"rounding_rms",
           "root mean square of how far the computed pre-activations lie from those in double precision, errors of the "
           "layers below included",
           of(&rounding_error::rms)},
          {"rounding_rms_of_values", "root mean square of the pre-activations themselves",
           of(&rounding_error::rms_of_values)},
          {"rounding_largest", "the largest such error", of(&rounding_error::largest)},
          {"rounding_largest_of_bound",
           "the largest such error in units of its neuron's bound of near_firings: where it is above 1, that bound is "
           "too small for what comes from below",
           of(&rounding_error::largest_of_bound)},
          {"rounding_firings_differ", "firings of the sample that are there in one of the two only",
           of(&rounding_error::firings_differ)},
          {"rounding_differ_share", "rounding_firings_differ / firings in double precision",
           of(&rounding_error::share_that_differs)}};
}

}  // namespace detail

/// The columns of layers.csv for a census of these n-grams, n = 2, 3, ...: to add one, add it to its group and its line
/// to docs/results.md.
inline columns<layer_row> layer_columns(std::span<std::size_t const> ngrams) {
  columns<layer_row> all = detail::layer_columns_of_liveness();
  auto const append = [&](columns<layer_row> const& more) { all.insert(all.end(), more.begin(), more.end()); };
  all.emplace_back("token_detectors", "neurons that detect tokens, as in neurons.csv", [](layer_row const& row) {
    return detail::figure_of_detectors(row.summary, 0, &detector_summary::detectors);
  });
  append(detail::layer_columns_of_detected(0, "tokens", "detected_"));
  append(detail::layer_columns_of_positional());
  append(detail::layer_columns_of_unseen());
  append(detail::layer_columns_of_covers(0, "unigram"));
  append(detail::layer_columns_of_token_verdicts());
  append(detail::layer_columns_of_triggers());
  for (std::size_t i = 0; i < ngrams.size(); ++i) {
    std::string const ngram = detail::name_of_ngram(ngrams[i]);
    append(detail::layer_columns_of_covers(i + 1, ngram));
    append(detail::layer_columns_of_ngrams(i + 1, ngram));
    append(detail::layer_columns_of_detected(i + 1, ngram + "s", "detected_" + ngram + "s_"));
  }
  append(detail::layer_columns_of_positional_types());
  append(detail::layer_columns_of_team());
  append(detail::layer_columns_of_pre_activations());
  append(detail::layer_columns_of_reach());
  append(detail::layer_columns_of_rounding());
  append(detail::layer_columns_of_position_estimates());
  return all;
}

/// layers.csv: a row a layer, with its summary (summarise_layers) and how its token detectors suppress their triggers,
/// where that is known (suppression_by_layer). All layers have the same n-grams.
inline void write_layers_csv(std::ostream& out, std::span<layer_census const> layers,
                             std::span<layer_summary const> summaries,
                             std::map<std::uint32_t, layer_suppression> const& suppression = {}) {
  if (summaries.size() != layers.size())
    throw std::invalid_argument("census::write_layers_csv: there are not as many summaries as layers");
  layer_suppression const none;
  detail::csv_writer<layer_row> table(out, layer_columns(detail::ngrams_of(layers)));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    auto const known = suppression.find(layers[i].layer);
    table.write({layers[i], summaries[i], known == suppression.end() ? none : known->second});
  }
}

}  // namespace census
