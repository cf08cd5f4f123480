// SPDX-License-Identifier: MIT
// Censuses side by side, layer by layer: checkpoints along a training, a model and its twin, models of several sizes.
#include <census/report/positional_chart.hpp>
#include <census/report/read_census.hpp>
#include <census/report/whole_file.hpp>

#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct settings {
  std::vector<std::string> censuses, columns;
  std::string out, chart;
};

using figure = std::optional<double>;

/// A column of layers.csv to be compared; where it adds up, also over all layers.
struct measure {
  std::string column, title;
  enum { count, share, plain } unit;
  bool adds_up;

  figure of(census::layer_record const& layer) const { return layer.figure(column); }
};

std::vector<measure> measures(std::vector<std::string> const& more) {
  std::vector<measure> all{
      {"dead_share", "dead neurons, share", measure::share, false},
      {"mean_frequency_alive", "mean firing frequency of the neurons alive", measure::share, false},
      {"token_detectors", "token detectors", measure::count, true},
      {"detected_tokens", "tokens they detect", measure::count, false},
      {"bigram_detectors", "bigram detectors", measure::count, true},
      {"trigram_detectors", "trigram detectors", measure::count, true},
      {"positional", "positional neurons, the paper's rule", measure::count, true},
      {"positional_corrected", "positional neurons, corrected for chance", measure::count, true}};
  for (std::string const type : {"oscillatory", "both_extremes", "one_extreme", "other"}) {
    all.push_back({"positional_" + type, "of these, " + type, measure::count, true});
    all.push_back({"positional_" + type + "_strong", "of these, strong " + type, measure::count, true});
  }
  for (std::string const& column : more) all.push_back({column, column, measure::plain, false});
  return all;
}

std::string as_read(measure const& measure, figure const& value) {
  if (!value) return "-";
  std::ostringstream text;
  switch (measure.unit) {
  case measure::count:
    text << std::fixed << std::setprecision(0) << *value;
    break;
  case measure::share:
    text << std::fixed << std::setprecision(2) << 100 * *value << " %";
    break;
  case measure::plain:
    text << *value;
  }
  return text.str();
}

/// The layers that some census has.
std::set<std::uint32_t> layers_of(std::vector<census::census_record> const& censuses) {
  std::set<std::uint32_t> layers;
  for (auto const& census : censuses)
    for (auto const& layer : census.layers) layers.insert(layer.layer);
  return layers;
}

figure at(census::census_record const& census, std::uint32_t layer, measure const& measure) {
  auto const* const found = census.find(layer);
  return found == nullptr ? std::nullopt : measure.of(*found);
}

/// Of all layers: the sum of what adds up.
figure overall(census::census_record const& census, measure const& measure) {
  figure sum;
  for (auto const& layer : census.layers)
    if (auto const value = measure.of(layer); value && measure.adds_up) sum = sum.value_or(0) + *value;
  return sum;
}

void print(std::ostream& out, std::vector<census::census_record> const& censuses, measure const& measure) {
  auto const line = [&](std::string const& name, auto const& cell) {
    out << std::setw(7) << name;
    for (auto const& census : censuses)
      out << "  " << std::setw(std::max(9, static_cast<int>(census.name.size()))) << cell(census);
    out << '\n';
  };
  out << measure.title << '\n';
  line("layer", [](auto const& census) { return census.name; });
  for (std::uint32_t const layer : layers_of(censuses))
    line(std::to_string(layer), [&](auto const& census) { return as_read(measure, at(census, layer, measure)); });
  if (measure.adds_up) line("all", [&](auto const& census) { return as_read(measure, overall(census, measure)); });
  out << '\n';
}

/// A row a census and layer.
void write_csv(std::ostream& out, std::vector<census::census_record> const& censuses,
               std::vector<measure> const& measures) {
  out << "census,layer,neurons,dead";
  for (auto const& measure : measures) out << ',' << measure.column;
  out << '\n';
  for (auto const& census : censuses)
    for (auto const& layer : census.layers) {
      out << census.name << ',' << layer.layer << ',' << layer.neurons << ',' << layer.dead;
      for (auto const& measure : measures) {
        auto const cell = layer.cells.find(measure.column);
        out << ',' << (cell == layer.cells.end() ? "" : cell->second);
      }
      out << '\n';
    }
}

std::vector<census::census_record> read(std::vector<std::string> const& arguments) {
  std::vector<census::census_record> censuses;
  for (std::string const& argument : arguments) {
    auto const equals = argument.find('=');
    bool const is_named = equals < argument.find('/');
    auto census = census::read_census(is_named ? argument.substr(equals + 1) : argument);
    if (is_named) census.name = argument.substr(0, equals);
    if (census.name.empty() || census.name.find_first_of(",\"\r\n") != std::string::npos)
      throw census::bad_input(argument, "names no census that a table could show; use NAME=FOLDER");
    for (auto const& before : censuses)
      if (before.name == census.name)
        throw census::bad_input(argument, "a second census of the name " + census.name + "; use NAME=FOLDER");
    censuses.push_back(std::move(census));
  }
  return censuses;
}

void compare(settings const& asked) {
  auto const censuses = read(asked.censuses);
  for (auto const& other : censuses)
    for (auto const& difference : census::differences(other.run, censuses.front().run))
      std::cerr << "warning: " << other.name << " beside " << censuses.front().name << ": " << difference << '\n';

  auto all = measures(asked.columns);
  std::erase_if(all, [&](measure const& measure) {
    auto const has = [&](auto const& census) {
      return std::ranges::any_of(census.layers, [&](auto const& layer) { return measure.of(layer).has_value(); });
    };
    bool const absent = std::ranges::none_of(censuses, has);
    if (absent && std::ranges::find(asked.columns, measure.column) != asked.columns.end())
      throw census::bad_input("--column " + measure.column, "no layers.csv here has it");
    return absent;
  });
  std::ostringstream tables;
  for (auto const& measure : all) print(tables, censuses, measure);

  auto const image = std::filesystem::path(asked.chart).replace_extension(".svg").string();
  if (!asked.out.empty()) {
    census::whole_file file(asked.out);
    write_csv(file.stream(), censuses, all);
    file.commit();
  }
  if (!asked.chart.empty()) {
    census::whole_file file(asked.chart);
    census::write_positional_chart(file.stream(), censuses, image);
    file.commit();
  }
  std::cout << tables.str();
  if (!asked.out.empty()) std::cout << "The figures lie in " << asked.out << '\n';
  if (!asked.chart.empty()) std::cout << "To draw " << image << ": gnuplot " << asked.chart << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  CLI::App app{"Compares censuses layer by layer: checkpoints along a training, a model and its twin, several models.",
               "compare_census"};
  app.footer("A figure that a census does not have is shown as -; a measure that none has is left out.\n"
             "Example: compare_census 1M=census-1M 8M=census-8M twin=census-twin --out compare.csv --chart compare.gp");
  app.add_option("census", asked.censuses,
                 "Folders that opt_census wrote, in the order of the columns; NAME is the "
                 "column's name, else the folder's own")
      ->required()
      ->type_name("[NAME=]FOLDER");
  app.add_option("--column", asked.columns, "Also show this column of layers.csv; may be given several times")
      ->type_name("COLUMN")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--out", asked.out, "Write the figures as a table, a row a census and layer")->type_name("FILE.csv");
  app.add_option("--chart", asked.chart,
                 "Write a gnuplot script that draws every census's positional neurons by layer and mutual information")
      ->type_name("FILE.gp");
  return run(app, argc, argv, [&] { compare(asked); });
}
