// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column.hpp>
#include <census/report/column_name.hpp>
#include <census/report/layer_row.hpp>
#include <census/statistic/layer_summary.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/position_code.hpp>
#include <census/statistic/positional_type.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace census::detail {

inline columns<layer_row> layer_columns_of_positional() {
  auto const of = [](auto positional_summary::*count) {
    return [=](layer_row const& row) { return figure_of(row.summary.position, count); };
  };
  return {{column_name::positional, "positional neurons by the paper's rule, as in neurons.csv",
           of(&positional_summary::plain)},
          {column_name::positional_corrected, "positional neurons beyond chance, as in neurons.csv",
           of(&positional_summary::corrected)}};
}

inline constexpr std::array positional_types_in_order{positional_type::other, positional_type::one_extreme,
                                                      positional_type::both_extremes, positional_type::oscillatory};

/// A count of the neurons of one type; none where it is not known who is positional.
inline auto typed_count(positional_type type, std::uint64_t positional_summary::typed::*count) {
  return [=](layer_row const& row) {
    auto const& position = row.summary.position;
    return position && position->corrected ? std::optional(position->of(type).*count) : std::nullopt;
  };
}

inline columns<layer_row> layer_columns_of_positional_types() {
  columns<layer_row> all{{"full_sequences", "S: sequences of exactly as many tokens as --context says",
                          [](layer_row const& row) { return row.census.position.full_sequences; }},
                         {"full_sequences_inside", "full sequences that do not begin a document",
                          [](layer_row const& row) -> std::optional<std::uint64_t> {
                            if (is_of_positions_alone(row.census.position))
                              return std::nullopt;  // where documents begin is not known
                            return row.census.position.full_sequences_inside;
                          }},
                         {"decoy_threshold",
                          "the least W of a neuron that is positional beyond chance, one for all layers: of "
                          "decoy_w_inside where 50 full sequences lie inside documents, else of decoy_w; empty where "
                          "none can be, for fewer than 20 neurons stand out",
                          [](layer_row const& row) { return row.census.position.decoy_threshold; }}};
  for (auto const type : positional_types_in_order) {
    std::string const name = "positional_" + std::string(name_of(type));
    all.emplace_back(name, "neurons positional beyond chance, of this type",
                     typed_count(type, &positional_summary::typed::all));
    all.emplace_back(name + "_strong", "neurons positional beyond chance, strongly of this type",
                     typed_count(type, &positional_summary::typed::strong));
  }
  all.emplace_back(
      "positional_confident", "neurons positional beyond chance, of a confident type",
      [](layer_row const& row) { return figure_of(row.summary.position, &positional_summary::confident); });
  return all;
}

/// Which neurons could be positional at all, and which surely are; types by the neurons' own rates.
inline columns<layer_row> layer_columns_of_position_estimates() {
  auto const estimated = [](std::uint64_t positional_summary::estimated::*count) {
    return [=](layer_row const& row) {
      auto const& position = row.summary.position;
      return position ? figure_of(position->above_threshold, count) : std::nullopt;
    };
  };
  columns<layer_row> all{
      {"positional_surely", "neurons whose positional_verdict is surely",
       estimated(&positional_summary::estimated::surely)},
      {"positional_possibly", "neurons whose positional_verdict is possibly",
       estimated(&positional_summary::estimated::possibly)},
      {"positional_groups", "G: groups of documents behind the estimates, (Σ s)² / Σ s² for groups of s sequences",
       [](layer_row const& row) {
         double const groups = row.census.position.estimate.groups;
         return groups > 0 ? std::optional(groups) : std::nullopt;
       }},
      {"cannot_be_positional",
       "neurons that fired at some but not all of the tokens at positions from 1 of full sequences, with H(f) ≤ 0.05: "
       "fewer than 0.87 % of these tokens, or more than 99.13 %",
       [](layer_row const& row) { return figure_of(row.summary.position, &positional_summary::cannot_reach); }}};
  for (auto const type : positional_types_in_order)
    all.emplace_back("positional_" + std::string(name_of(type)) + "_by_own_rate",
                     "neurons positional beyond chance, of this positional_type_by_own_rate",
                     typed_count(type, &positional_summary::typed::by_own_rate));
  return all;
}

/// The strong oscillatory neurons seen as one code for position.
inline columns<layer_row> layer_columns_of_team() {
  auto const of = [](auto part, auto figure) {
    return [=](layer_row const& row) {
      position_code const& team = row.census.position.team;
      return team.members.empty() ? std::nullopt : std::optional(team.*part.*figure);
    };
  };
  auto const coding = [&](auto figure) { return of(&position_code::coding, figure); };
  auto const null = [&](auto figure) { return of(&position_code::null, figure); };
  constexpr auto mean = "the mean over 1,000 draws in which each neuron moves by a shift of its own",
                 p = "(1 + how many of these draws do as well or better) / (draws + 1)";
  return {
      {"team_neurons",
       "strong oscillatory neurons (positional by information alone, the decoy not asked); empty where "
       "positional_corrected is",
       [](layer_row const& row) -> std::optional<std::uint64_t> {
         position_census const& position = row.census.position;
         if (position.positional_corrected.empty()) return std::nullopt;
         return position.team.members.size();
       }},
      {"team_coverage", "share of positions at which one of them is active", coding(&position_coding::coverage)},
      {"team_coverage_null", mean, null(&position_coding_null::coverage)},
      {"team_coverage_p", p, null(&position_coding_null::p_coverage)},
      {"team_redundant",
       "those of them that are alone at no more than T/256 positions, one at a time: each could go, not all of them",
       coding(&position_coding::redundant)},
      {"team_redundant_null", mean, null(&position_coding_null::redundant)},
      {"team_redundant_p", p, null(&position_coding_null::p_redundant)},
      {"team_codes", "distinct sets of active neurons among the positions", coding(&position_coding::codes)},
      {"team_codes_null", mean, null(&position_coding_null::codes)},
      {"team_codes_p", p, null(&position_coding_null::p_codes)},
      {"team_information", "what a code tells of the position, nats", coding(&position_coding::information)},
      {"team_information_null", mean, null(&position_coding_null::information)},
      {"team_information_p", p, null(&position_coding_null::p_information)}};
}

}  // namespace census::detail
