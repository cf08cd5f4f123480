// SPDX-License-Identifier: MIT
#pragma once

#include <census/json.hpp>
#include <census/report/detail/page_detectors.hpp>
#include <census/report/detail/page_examples.hpp>
#include <census/report/detail/page_positions.hpp>
#include <census/report/detail/page_projections.hpp>
#include <census/report/detail/page_run.hpp>
#include <census/report/detail/page_table.hpp>
#include <census/report/detail/page_tokens.hpp>
#include <census/report/figure.hpp>
#include <census/report/read_census.hpp>
#include <census/version.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// A census as a page carries it: what was run, its tables, and of neurons what its other files tell.
inline nlohmann::ordered_json page_census(census_record const& census, page_examples_limit const& limit) {
  page_tokens tokens;
  auto const& folder = census.folder;
  auto projections = page_projections::read(census, tokens);
  nlohmann::ordered_json shown{{"name", census.name},
                               {"run", page_run(census.run)},
                               {"layers", page_table(folder / "layers.csv")},
                               {"neurons", page_table(folder / "neurons.csv")},
                               {"detectors", page_detectors::read(census, tokens, projections.is_null())},
                               {"positions", page_positions::read(census)},
                               {"examples", page_examples::read(census, tokens, limit)}};
  shown["projections"] = std::move(projections);
  shown["tokens"] = tokens.texts();
  return shown;
}

/// The figures as a page carries them, drawings[i] being that of the i-th, and those that could not be made.
inline nlohmann::ordered_json page_figures(figure_set const& figures, std::span<std::string const> drawings) {
  using json = nlohmann::ordered_json;
  json drawn = json::array(), omitted = json::array();
  for (std::size_t i = 0; i < figures.figures.size(); ++i) {
    figure const& one = figures.figures[i];
    drawn.push_back({{"id", one.id}, {"title", one.title}, {"caption", one.caption}, {"svg", drawings[i]}});
  }
  for (omitted_figure const& one : figures.omitted)
    omitted.push_back({{"id", one.id}, {"title", one.title}, {"reason", one.reason}});
  return {{"drawn", std::move(drawn)}, {"omitted", std::move(omitted)}};
}

/// What keeps the censuses from being compared figure by figure: [name, name of the first, sentence] each.
inline nlohmann::ordered_json page_differences(std::span<census_record const> censuses) {
  auto all = nlohmann::ordered_json::array();
  for (census_record const& other : censuses)
    for (auto const& difference : differences(other.run, censuses.front().run))
      all.push_back({other.name, censuses.front().name, difference});
  return all;
}

/// All that a page shows, as JSON. Bytes that are no UTF-8 become U+FFFD.
inline std::string page_data(std::span<census_record const> censuses, figure_set const& figures,
                             std::span<std::string const> drawings, page_examples_limit const& limit) {
  std::string all = "{\"version\":" + json_text(nlohmann::json(version)) +
                    ",\"figures\":" + json_text(page_figures(figures, drawings)) +
                    ",\"differences\":" + json_text(page_differences(censuses)) + ",\"censuses\":[";
  // One after another: as objects they take several times the memory.
  for (census_record const& census : censuses) {
    if (&census != &censuses.front()) all += ',';
    all += json_text(page_census(census, limit));
  }
  return all + "]}";
}

}  // namespace census::detail
