// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/suppression_summary.hpp>
#include <census/report/column.hpp>
#include <census/report/layer_row.hpp>
#include <census/statistic/layer_summary.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace census::detail {

/// `i` as layer_summary::detectors takes it; `name` is plural.
inline columns<layer_row> layer_columns_of_detected(std::size_t i, std::string const& name, std::string const& prefix) {
  auto const of = [i](std::uint64_t detected_counts::*count) {
    return [=](layer_row const& row) {
      return figure_of_detectors(row.summary, i, [=](detector_summary const& one) { return one.detected.*count; });
    };
  };
  return {{"detected_" + name, "size of D(l): the n-grams that some detector of the layer detects",
           of(&detected_counts::detected)},
          {prefix + "cumulative", "size of D(first) ∪ … ∪ D(l)", of(&detected_counts::cumulative)},
          {prefix + "new_overall", "size of D(l) less those of all layers below", of(&detected_counts::new_overall)},
          {prefix + "new_vs_below", "size of D(l) less that of the layer below", of(&detected_counts::new_vs_below)}};
}

inline columns<layer_row> layer_columns_of_covers(std::size_t i, std::string const& ngram) {
  constexpr std::array<char const*, 6> bins{"1_5", "6_10", "11_50", "51_100", "101_1000", "above_1000"};
  columns<layer_row> all;
  for (std::size_t bin = 0; bin < bins.size(); ++bin)
    all.emplace_back(
        "cover_" + ngram + "_" + bins[bin],
        "alive neurons whose cover by n-grams lies in this range (figures 2, 12, 13)", [=](layer_row const& row) {
          return figure_of_detectors(row.summary, i, [=](detector_summary const& one) { return one.covers[bin]; });
        });
  return all;
}

inline columns<layer_row> layer_columns_of_token_verdicts() {
  auto const of = [](std::uint64_t verdict_counts::*count) {
    return [=](layer_row const& row) { return figure_of(row.summary.token_verdicts, count); };
  };
  return {
      {"token_detectors_supported",
       "those 95 % of whose firings are at detected tokens that occur 73 times or more (the fewest whose all-fire 95 % "
       "Wilson bound reaches 95 %), and at which they fired in two documents or more",
       [](layer_row const& row) { return figure_of_detectors(row.summary, 0, &detector_summary::supported); }},
      {"token_detectors_surely",
       "neurons that surely detect tokens: claimed on one half of the documents and borne out by the other, by exact "
       "binomial tails, 5 % error for all claims of all layers together (Holm)",
       of(&verdict_counts::yes)},
      {"token_detectors_refuted",
       "neurons that the same test finds to detect none, of all that fired, not at BOS alone",
       of(&verdict_counts::no)}};
}

inline columns<layer_row> layer_columns_of_suppression(std::string const& triggers,
                                                       suppression_counts const& (*of)(layer_suppression const&)) {
  auto const count = [of](std::uint64_t suppression_counts::*figure, std::uint64_t suppression_counts::*among) {
    return [=](layer_row const& row) {
      suppression_counts const& counts = of(row.suppression);
      return counts.*among > 0 ? std::optional(counts.*figure) : std::nullopt;
    };
  };
  return {{triggers + "_suppressing",
           "token detectors whose update has a negative mean projection on their own triggers: the paper's sign "
           "(figure 6)",
           count(&suppression_counts::negative, &suppression_counts::detectors)},
          {triggers + "_null_percentile",
           "mean place of the triggers' scores among tokens of about their frequency; ½ for updates that do not know "
           "their triggers",
           [of](layer_row const& row) { return of(row.suppression).mean_null_percentile(); }},
          {triggers + "_below_null", "token detectors whose triggers lie in the lower half of these tokens",
           count(&suppression_counts::below_null, &suppression_counts::with_null)},
          {triggers + "_below_others",
           "token detectors that score lower on their own triggers than on those of the layer's other detectors",
           count(&suppression_counts::below_others, &suppression_counts::with_others)}};
}

/// What token detectors do to their triggers: all of them and those whose triggers the text repeats, plain and centred.
inline columns<layer_row> layer_columns_of_triggers() {
  using known = layer_suppression const&;
  columns<layer_row> all;
  auto const append = [&](columns<layer_row> const& more) { all.insert(all.end(), more.begin(), more.end()); };
  auto const repeated = [](known of) -> auto& { return of.where_repeated.plain; };
  append(layer_columns_of_suppression(
      "triggers", [](known of) -> auto& { return of.all.plain; }));
  append(layer_columns_of_suppression(
      "triggers_centred", [](known of) -> auto& { return of.all.centred; }));
  all.emplace_back("triggers_repeated",
                   "token detectors whose triggers follow themselves more often than by chance, ln P(x→x)/P(x) > 0",
                   [=](layer_row const& row) {
                     auto const& tokens = row.summary.tokens;
                     bool const is_known =
                         tokens && (row.suppression.all.plain.detectors > 0 || tokens->detectors == 0);
                     return is_known ? std::optional(repeated(row.suppression).detectors) : std::nullopt;
                   });
  append(layer_columns_of_suppression("triggers_repeated", repeated));
  append(layer_columns_of_suppression(
      "triggers_repeated_centred", [](known of) -> auto& { return of.where_repeated.centred; }));
  return all;
}

inline columns<layer_row> layer_columns_of_ngrams(std::size_t i, std::string const& ngram) {
  auto const of = [i](auto detector_summary::*count) {
    return [=](layer_row const& row) { return figure_of_detectors(row.summary, i, count); };
  };
  return {
      {ngram + "_detectors", "neurons that detect n-grams of this n: the rule of token_detector with cover ≤ 50",
       of(&detector_summary::detectors)},
      {ngram + "_detectors_of_that_order", "those that detect no shorter n-grams",
       of(&detector_summary::of_that_order)},
      {ngram + "_detectors_supported",
       "those 95 % of whose firings are at detected n-grams that occur 73 times or more, and at which they fired in "
       "two documents or more",
       of(&detector_summary::supported)}};
}

}  // namespace census::detail
