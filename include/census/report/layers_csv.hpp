// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/suppression_summary.hpp>
#include <census/report/csv.hpp>
#include <census/report/ngram_name.hpp>
#include <census/report/number.hpp>
#include <census/statistic/coverage.hpp>
#include <census/statistic/detected_sets.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/wilson_interval.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <span>
#include <string>
#include <vector>

namespace census {

namespace detail {

inline std::string count_of(std::vector<bool> const& verdicts) {
  return verdicts.empty() ? std::string() : number(std::ranges::count(verdicts, true));
}

inline void append_cover_histogram(csv_row& row, std::string const& name, std::span<std::uint32_t const> covers) {
  constexpr std::array<char const*, 6> bins{"1_5", "6_10", "11_50", "51_100", "101_1000", "above_1000"};
  auto const histogram = cover_histogram(covers);
  for (std::size_t bin = 0; bin < bins.size(); ++bin)
    row.emplace_back("cover_" + name + "_" + bins[bin], number(histogram[bin]));
}

inline void append_detected(csv_row& row, std::string const& prefix, detected_counts const& counts) {
  row.emplace_back(prefix + "cumulative", number(counts.cumulative));
  row.emplace_back(prefix + "new_overall", number(counts.new_overall));
  row.emplace_back(prefix + "new_vs_below", number(counts.new_vs_below));
}

inline void append_suppression(csv_row& row, std::string const& name, suppression_counts const& counts) {
  row.emplace_back(name + "_suppressing", counts.detectors > 0 ? number(counts.negative) : "");
  row.emplace_back(name + "_null_percentile", cell_of(counts.mean_null_percentile()));
  row.emplace_back(name + "_below_null", counts.with_null > 0 ? number(counts.below_null) : "");
  row.emplace_back(name + "_below_others", counts.with_others > 0 ? number(counts.below_others) : "");
}

inline void append_team(csv_row& row, position_code const& team) {
  bool const some = !team.members.empty();
  auto const figure = [&](double value) { return some ? number(value) : std::string(); };
  row.emplace_back("team_neurons", number(team.members.size()));
  row.emplace_back("team_coverage", figure(team.coding.coverage));
  row.emplace_back("team_coverage_null", figure(team.null.coverage));
  row.emplace_back("team_coverage_p", figure(team.null.p_coverage));
  row.emplace_back("team_redundant", some ? number(team.coding.redundant) : "");
  row.emplace_back("team_redundant_null", figure(team.null.redundant));
  row.emplace_back("team_redundant_p", figure(team.null.p_redundant));
  row.emplace_back("team_codes", some ? number(team.coding.codes) : "");
  row.emplace_back("team_codes_null", figure(team.null.codes));
  row.emplace_back("team_codes_p", figure(team.null.p_codes));
  row.emplace_back("team_information", figure(team.coding.information));
  row.emplace_back("team_information_null", figure(team.null.information));
  row.emplace_back("team_information_p", figure(team.null.p_information));
}

}  // namespace detail

/// What a row of layers.csv tells of other layers, or of the projections.
struct layer_context {
  detected_counts tokens;
  std::vector<detected_counts> ngrams;  ///< of n = 2, 3, ...
  layer_suppression suppression;
};

/// A layer as a row of layers.csv.
inline csv_row layer_row(layer_census const& layer, layer_context const& context) {
  using detail::count_of;
  csv_row row{{"layer", number(layer.layer)},
              {"neurons", number(layer.neurons())},
              {"dead", number(std::ranges::count(layer.firings, 0u))},
              {"dead_share", number(layer.dead_share)},
              {"mean_frequency_alive", cell_of(layer.mean_frequency_alive)},
              {"token_detectors", number(layer.token_detectors.size())},
              {"detected_tokens", number(context.tokens.detected)}};
  detail::append_detected(row, "detected_", context.tokens);
  row.emplace_back("positional", count_of(layer.positional));
  row.emplace_back("positional_corrected", count_of(layer.positional_corrected));

  auto const& unseen = layer.unseen;
  row.emplace_back("documents", unseen ? number(unseen->documents) : "");
  row.emplace_back("woken_by_one_document", unseen ? number(unseen->once) : "");
  row.emplace_back("woken_by_two_documents", unseen ? number(unseen->twice) : "");
  row.emplace_back("next_document_wakes", unseen ? number(unseen->next_document) : "");
  row.emplace_back("still_to_wake", unseen ? number(unseen->still_to_wake) : "");

  detail::append_cover_histogram(row, "unigram", layer.cover);
  std::uint64_t const fewest = fewest_that_support(ratio{19, 20});
  row.emplace_back("token_detectors_supported", number(std::ranges::count_if(layer.token_detectors, [&](auto const& d) {
                     return supported(d.detected, fewest) > 0;
                   })));
  bool const judged = layer.token_verdicts.size() == layer.token_detectors.size();
  row.emplace_back("token_detectors_surely",
                   judged ? number(std::ranges::count(layer.token_verdicts, verdict::yes)) : "");
  row.emplace_back("token_detectors_refuted",
                   judged ? number(std::ranges::count(layer.token_verdicts, verdict::no)) : "");
  detail::append_suppression(row, "triggers", context.suppression.all.plain);
  detail::append_suppression(row, "triggers_centred", context.suppression.all.centred);
  row.emplace_back("triggers_repeated", number(context.suppression.where_repeated.plain.detectors));
  detail::append_suppression(row, "triggers_repeated", context.suppression.where_repeated.plain);
  detail::append_suppression(row, "triggers_repeated_centred", context.suppression.where_repeated.centred);
  for (std::size_t i = 0; i < layer.ngrams.size(); ++i) {
    ngram_census const& taken = layer.ngrams[i];
    std::string const name = name_of_ngram(taken.n);
    detail::append_cover_histogram(row, name, taken.cover);
    row.emplace_back(name + "_detectors", number(taken.detectors.size()));
    row.emplace_back(name + "_detectors_of_that_order",
                     number(std::ranges::count(layer.detector_order, static_cast<std::uint32_t>(taken.n))));
    row.emplace_back(name + "_detectors_supported", number(std::ranges::count_if(taken.detectors, [&](auto const& d) {
                       return supported(d.detected, fewest) > 0;
                     })));
    row.emplace_back("detected_" + name + "s", number(context.ngrams[i].detected));
    detail::append_detected(row, "detected_" + name + "s_", context.ngrams[i]);
  }

  row.emplace_back("full_sequences", number(layer.full_sequences));
  row.emplace_back("full_sequences_inside", number(layer.full_sequences_inside));
  row.emplace_back("decoy_threshold", cell_of(layer.decoy_threshold));
  bool const placed = !layer.positional_corrected.empty();
  auto const typed = [&](auto counts) {
    if (!placed) return std::string();
    std::size_t sum = 0;
    for (std::size_t n = 0; n < layer.neurons(); ++n)
      sum += layer.positional_corrected[n] && layer.positional_type[n] && counts(n, *layer.positional_type[n]);
    return number(sum);
  };
  for (auto const type : {positional_type::other, positional_type::one_extreme, positional_type::both_extremes,
                          positional_type::oscillatory}) {
    std::string const name = "positional_" + std::string(name_of(type));
    row.emplace_back(name, typed([&](std::size_t, typed_neuron const& one) { return one.type == type; }));
    row.emplace_back(name + "_strong",
                     typed([&](std::size_t, typed_neuron const& one) { return one.type == type && one.strong; }));
  }
  row.emplace_back("positional_confident", layer.positional_confident.empty() ? "" : typed([&](std::size_t n, auto&) {
                     return bool{layer.positional_confident[n]};
                   }));
  detail::append_team(row, layer.team);

  auto const& weights = layer.pre_activations;
  auto const near = [&](auto counts) {
    return weights && !weights->near_zero.empty() ? number(std::ranges::count_if(weights->near_zero, counts))
                                                  : std::string();
  };
  row.emplace_back("provably_dead", weights ? count_of(weights->provably_dead) : "");
  row.emplace_back("always_on", weights ? count_of(weights->always_on) : "");
  row.emplace_back("dead_by_rounding", near([](near_zero_counts const& one) { return one.could_be_dead(); }));
  row.emplace_back("alive_by_rounding", near([](near_zero_counts const& one) { return one.could_be_alive(); }));
  return row;
}

/// layers.csv: a row a layer.
inline void write_layers_csv(std::ostream& out, std::vector<layer_census> const& layers,
                             std::map<std::uint32_t, layer_suppression> const& suppression = {}) {
  std::vector<layer_context> contexts(layers.size());
  std::vector<std::vector<token_id>> detected;
  for (layer_census const& layer : layers) detected.push_back(layer.detected_tokens);
  auto const tokens = detected_across_layers(detected);
  for (std::size_t i = 0; !layers.empty() && i < layers.front().ngrams.size(); ++i) {
    std::vector<std::vector<std::uint32_t>> ngrams;
    for (layer_census const& layer : layers) ngrams.push_back(layer.ngrams[i].detected);
    auto const counts = detected_across_layers(ngrams);
    for (std::size_t l = 0; l < layers.size(); ++l) contexts[l].ngrams.push_back(counts[l]);
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    contexts[i].tokens = tokens[i];
    if (auto const known = suppression.find(layers[i].layer); known != suppression.end())
      contexts[i].suppression = known->second;
    auto const row = layer_row(layers[i], contexts[i]);
    if (i == 0) write_csv_header(out, row);
    write_csv_line(out, row);
  }
}

}  // namespace census
