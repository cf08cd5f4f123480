// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column_name.hpp>
#include <census/report/detail/figure_axes.hpp>
#include <census/report/detail/figure_text.hpp>
#include <census/report/detail/percent.hpp>
#include <census/report/detail/position_figures.hpp>
#include <census/report/detail/stored_positions.hpp>
#include <census/report/figure.hpp>
#include <census/report/number.hpp>
#include <census/report/read_census.hpp>
#include <census/statistic/positional_type.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census::detail {

/// A census with its table by position.
struct census_with_positions {
  census_record const* census;
  stored_positions positions;
};

/// Those of the censuses that tell who is positional and whose folders hold a table by position; the names of the
/// others are added to `lacking`.
inline std::vector<census_with_positions> with_positions(std::vector<census_record> const& censuses,
                                                         std::vector<std::string>& lacking) {
  std::vector<census_with_positions> found;
  for (census_record const& census : censuses) {
    auto positions = stored_positions::open(census);
    if (positions && census.tells(column_name::positional_corrected))
      found.push_back({&census, *std::move(positions)});
    else
      lacking.push_back(census.name);
  }
  return found;
}

/// Why a figure shows none of no censuses.
inline constexpr auto none_with_positions =
    "The folders hold no table by position, or the censuses do not tell who is positional beyond chance.";

/// How often a neuron fires at each position, in per cent of the sequences; of many positions the means of equal
/// stretches, 256 to 511 of them.
inline std::vector<figure_point> frequency_by_position(position_counts const& counts) {
  std::size_t const positions = counts.firings.size(), stretch = std::max<std::size_t>(positions / 256, 1);
  std::vector<figure_point> points;
  for (std::size_t first = 0; first < positions; first += stretch) {
    std::size_t const last = std::min(first + stretch, positions);
    double firings = 0;
    for (std::size_t position = first; position < last; ++position) firings += counts.firings[position];
    auto const length = static_cast<double>(last - first), sequences = static_cast<double>(counts.sequences);
    points.push_back(
        {static_cast<double>(first) + (length - 1) / 2, sequences == 0 ? 0 : 100 * firings / (length * sequences)});
  }
  return points;
}

/// The neurons of one type, strong or not, of the largest information, at most `most` of them.
inline std::vector<positional_record> examples_of(census_record const& census, std::size_t type, bool is_strong,
                                                  std::size_t most) {
  std::vector<positional_record> found;
  for (positional_record const& neuron : census.positional)
    if (shown_type_of(neuron) == type && neuron.strong == is_strong) found.push_back(neuron);
  std::ranges::sort(found, {}, [](auto const& of) { return std::tuple(-of.information, of.layer, of.neuron); });
  found.resize(std::min(found.size(), most));
  return found;
}

/// The panel of a type of positional neurons, strong or not: at most `most` examples of each census; without series
/// where there are none.
inline figure_panel panel_of_type(std::vector<census_with_positions> const& known, std::size_t type, bool is_strong,
                                  std::size_t most) {
  figure_panel panel{std::string(shown_types[type].title) + (is_strong ? ", strong" : ", not strong"),
                     {"position in the sequence, tokens", 0, 1},
                     {"fires in % of sequences", 0, 100},
                     {}};
  for (std::size_t c = 0; c < known.size(); ++c)
    for (positional_record const& neuron : examples_of(*known[c].census, type, is_strong, most)) {
      auto const counts = known[c].positions.of(neuron);
      std::string const name = "layer " + std::to_string(neuron.layer) + ", neuron " + std::to_string(neuron.neuron);
      panel.x.to = std::max(panel.x.to, static_cast<double>(counts.firings.size() - 1));
      panel.series.push_back({known.size() > 1 ? name + ", " + known[c].census->name : name, drawn_as::curve,
                              known.size() > 1 ? c : panel.series.size(), false, frequency_by_position(counts)});
    }
  return panel;
}

/// Adds figure 7: examples of the types of positional neurons, strong and not; or why there is none.
inline void add_figure_7(figure_set& set, std::vector<census_record> const& censuses) {
  std::vector<std::string> lacking;
  auto const known = with_positions(censuses, lacking);
  std::size_t const examples = known.size() > 1 ? 1 : 3;
  figure made{"figure_7", "Types of positional neurons", "", {}, true};
  std::string absent;
  for (std::size_t type = 0; type + 1 < shown_types.size(); ++type)
    for (bool const is_strong : {true, false}) {
      auto panel = panel_of_type(known, type, is_strong, examples);
      if (panel.series.empty())
        absent += (absent.empty() ? " None is " : "; ") + panel.title;
      else
        made.panels.push_back(std::move(panel));
    }
  if (made.panels.empty()) {
    set.omitted.push_back(
        {made.id, made.title, known.empty() ? none_with_positions : "No positional neuron has a type."});
    return;
  }
  made.caption = "How often a neuron fires at each position: of each type those of the largest corrected mutual "
                 "information" +
                 std::string(examples > 1 ? ", three at most." : ", one a model.") + absent +
                 (absent.empty() ? " " : ". ") + sequences_counted(censuses) + " " + text_counted(censuses) +
                 without(lacking);
  set.figures.push_back(std::move(made));
}

/// The stretches of positions in which a neuron fires in at least half of the sequences, by its segments; pairs of
/// points, at a height. Position 0 is left out.
inline std::vector<figure_point> active_spans(position_counts const& counts, double height) {
  std::span<std::uint32_t const> const inside = std::span(counts.firings).subspan(1);
  std::vector<std::uint64_t> const sequences(inside.size(), counts.sequences);
  std::vector<figure_point> points;
  for (position_segment const& segment : positional_segments(inside, sequences)) {
    if (2 * segment.firings < segment.occurrences) continue;
    if (!points.empty() && points.back().x == segment.first + 0.5)  // goes on where the one before ends
      points.back().x = segment.last + 0.5;
    else
      points.insert(points.end(), {{segment.first + 0.5, height}, {segment.last + 0.5, height}});
  }
  return points;
}

/// The layer with the most strong oscillatory neurons, and these; none where there are none.
inline std::vector<positional_record> largest_team(census_record const& census) {
  std::map<std::uint32_t, std::vector<positional_record>> teams;
  for (positional_record const& neuron : census.positional)
    if (neuron.type == "oscillatory" && neuron.strong == true) teams[neuron.layer].push_back(neuron);
  if (teams.empty()) return {};
  return std::ranges::max_element(teams, {}, [](auto const& team) { return team.second.size(); })->second;
}

/// The panel of a team: a row a neuron, in the order in which they first fire; without series where there is none.
inline figure_panel panel_of_team(census_with_positions const& of) {
  auto const team = largest_team(*of.census);
  figure_panel panel{
      of.census->name, {"position in the sequence, tokens", 0, 1}, {"neuron of the team", 0.5, 1, false, true}, {}};
  std::vector<std::vector<figure_point>> rows;
  for (positional_record const& neuron : team) {
    auto const counts = of.positions.of(neuron);
    panel.x.to = std::max(panel.x.to, static_cast<double>(counts.firings.size()));
    if (counts.firings.size() > 1) rows.push_back(active_spans(counts, 0));
  }
  std::erase_if(rows, [](auto const& row) { return row.empty(); });
  std::ranges::sort(rows, [](auto const& a, auto const& b) {
    return std::ranges::lexicographical_compare(a, b, {}, &figure_point::x, &figure_point::x);
  });
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (figure_point& point : rows[row]) point.y = static_cast<double>(row + 1);
    panel.series.push_back({"", drawn_as::spans, 0, false, std::move(rows[row])});
  }
  panel.y.to = static_cast<double>(rows.size()) + 0.5;
  if (!team.empty())
    panel.title += ", layer " + std::to_string(team.front().layer) + ": " + counted(team.size(), "neuron");
  return panel;
}

/// What layers.csv tells of a team's coverage against chance, a sentence; empty where it does not. Its team is of
/// neurons that are positional by information alone, which may be others than the `shown` ones.
inline std::string coverage_of_team(census_record const& census, std::vector<positional_record> const& shown) {
  auto const* const row = census.find(shown.front().layer);
  auto const share = row->figure("team_coverage"), chance = row->figure("team_coverage_null");
  if (!share || !chance) return "";
  auto const per_cent = [](double value) { return number(std::round(10 * in_percent(value, 1)) / 10) + " %"; };
  auto const neurons = row->figure("team_neurons");
  std::string const others = neurons && *neurons != static_cast<double>(shown.size())
                                 ? ", of " + number(*neurons) + " neurons where the decoy is not asked,"
                                 : "";
  return " The team of " + census.name + others + " covers " + per_cent(*share) + " of the positions, " +
         per_cent(*chance) + " by chance.";
}

/// Adds figure 9: teams of strong oscillatory neurons; or why there is none.
inline void add_figure_9(figure_set& set, std::vector<census_record> const& censuses) {
  std::vector<std::string> lacking;
  figure made{"figure_9", "Teams of oscillatory neurons", "", {}};
  std::string coverage, without_team;
  auto const known = with_positions(censuses, lacking);
  for (census_with_positions const& one : known) {
    auto panel = panel_of_team(one);
    if (panel.series.empty()) {
      without_team += (without_team.empty() ? " No such neuron in " : ", ") + one.census->name;
      continue;
    }
    coverage += coverage_of_team(*one.census, largest_team(*one.census));
    made.panels.push_back(std::move(panel));
  }
  if (made.panels.empty()) {
    set.omitted.push_back(
        {made.id, made.title,
         known.empty() ? none_with_positions : "No neuron that is positional beyond chance is strongly oscillatory."});
    return;
  }
  made.caption =
      "Strong oscillatory neurons of the layer that has most of them, in the order in which they first fire; "
      "bars: the stretches of positions at which they fire in at least half of the sequences." +
      coverage + without_team + (without_team.empty() ? " " : ". ") + sequences_counted(censuses) + " " +
      text_counted(censuses) + without(lacking);
  set.figures.push_back(std::move(made));
}

}  // namespace census::detail
