// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/named_path.hpp>
#include <census/printable.hpp>
#include <census/report/detail/append_cell.hpp>
#include <census/report/detail/percent.hpp>
#include <census/report/number.hpp>
#include <census/report/read_census.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iomanip>
#include <optional>
#include <ostream>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A column of layers.csv that censuses are compared by.
struct compared_column {
  enum class unit { count, share, plain };
  std::string column, title;
  unit shown_as = unit::plain;
  bool adds_up = false;  ///< over layers
};

/// The columns that tell most, and `more` by name, as far as some census has a figure there; each once. Throws
/// bad_input naming one of `more` that none has.
inline std::vector<compared_column> columns_to_compare(std::span<census_record const> censuses,
                                                       std::vector<std::string> const& more = {}) {
  using enum compared_column::unit;
  std::vector<compared_column> columns{
      {"dead_share", "dead neurons, share", share},
      {"mean_frequency_alive", "mean firing frequency of the neurons alive", share},
      {"token_detectors", "token detectors", count, true},
      {"token_detectors_supported", "of these, supported", count, true},
      {"detected_tokens", "tokens they detect", count},
      {"bigram_detectors", "bigram detectors", count, true},
      {"bigram_detectors_of_that_order", "of these, of no lower order", count, true},
      {"bigram_detectors_supported", "of these, supported", count, true},
      {"trigram_detectors", "trigram detectors", count, true},
      {"trigram_detectors_of_that_order", "of these, of no lower order", count, true},
      {"trigram_detectors_supported", "of these, supported", count, true},
      {"positional", "positional neurons, the paper's rule", count, true},
      {"positional_corrected", "positional neurons, corrected for chance", count, true}};
  for (std::string const type : {"oscillatory", "both_extremes", "one_extreme", "other"}) {
    columns.push_back({"positional_" + type, "of these, " + type, count, true});
    columns.push_back({"positional_" + type + "_strong", "of these, strong " + type, count, true});
  }
  auto const is_absent = [&](std::string const& column) {
    return std::ranges::none_of(censuses, [&](census_record const& census) { return census.tells(column); });
  };
  std::erase_if(columns, [&](compared_column const& column) { return is_absent(column.column); });
  for (std::string const& column : more) {
    if (is_absent(column)) throw bad_input("column " + column, "no layers.csv here has it");
    if (std::ranges::find(columns, column, &compared_column::column) == columns.end())
      columns.push_back({column, column});
  }
  return columns;
}

/// A figure as people read it: a dash where there is none; whole numbers exact, others in six digits.
inline std::string as_read(compared_column const& column, std::optional<double> figure) {
  if (!figure) return "-";
  if (column.shown_as == compared_column::unit::share) return detail::percent(*figure);
  constexpr double exact = 0x1p53;  // whole numbers below it are those of std::int64_t
  if (std::trunc(*figure) == *figure)
    return std::abs(*figure) < exact ? number(static_cast<std::int64_t>(*figure)) : number(*figure);
  std::ostringstream text;
  if (column.shown_as == compared_column::unit::count) text << std::fixed << std::setprecision(0);
  text << *figure;
  return text.str();
}

/// One column of several censuses side by side: a line a layer that some census has, and one of all layers where the
/// column adds up: none of a census that does not tell each of them.
inline void print_comparison(std::ostream& out, std::span<census_record const> censuses,
                             compared_column const& column) {
  std::set<std::uint32_t> layers;
  for (census_record const& census : censuses)
    for (layer_record const& layer : census.layers) layers.insert(layer.layer);
  auto const of_layer = [&](census_record const& census, std::uint32_t layer) {
    auto const* const found = census.find(layer);
    return found == nullptr ? std::nullopt : found->figure(column.column);
  };
  auto const sum = [&](census_record const& census) -> std::optional<double> {
    double all = 0;
    for (layer_record const& layer : census.layers) {
      auto const figure = layer.figure(column.column);
      if (!figure) return std::nullopt;
      all += *figure;
    }
    return all;
  };
  auto const name_of = [](census_record const& census) { return printable(census.name); };
  auto const line = [&](std::string const& name, auto const& cell) {
    out << std::setw(7) << name;
    for (census_record const& census : censuses)
      out << "  " << std::setw(std::max(9, static_cast<int>(name_of(census).size()))) << cell(census);
    out << '\n';
  };
  out << printable(column.title) << '\n';
  line("layer", name_of);
  for (std::uint32_t const layer : layers)
    line(std::to_string(layer), [&](census_record const& census) { return as_read(column, of_layer(census, layer)); });
  if (column.adds_up) line("all", [&](census_record const& census) { return as_read(column, sum(census)); });
  out << '\n';
}

/// The figures of several censuses as a table: a row a census and layer, cells as they were, each column once. Throws
/// bad_input where one is no number, std::invalid_argument for a name of a census that no cell may hold.
inline void write_comparison_csv(std::ostream& out, std::span<census_record const> censuses,
                                 std::span<compared_column const> columns) {
  std::vector<std::string> names{"census", "layer", "neurons", "dead"};
  auto const always = names.size();
  for (compared_column const& column : columns)
    if (std::ranges::find(names, column.column) == names.end()) names.push_back(column.column);
  out << "census,layer,neurons,dead";
  for (std::string const& name : names | std::views::drop(always)) out << ',' << name;
  out << '\n';
  for (census_record const& census : censuses)
    for (layer_record const& layer : census.layers) {
      std::string name;
      detail::append_cell(name, census.name);
      out << name << ',' << number(layer.layer) << ',' << number(layer.neurons) << ',' << number(layer.dead);
      for (std::string const& column : names | std::views::drop(always)) {
        out << ',';
        if (layer.figure(column)) out << layer.cells.find(column)->second;
      }
      out << '\n';
    }
}

/// Reads censuses from [NAME=]FOLDER each; a name is the folder's own unless told. Throws bad_input as read_census
/// does, and where two have one name, or a name has no place in a table.
inline std::vector<census_record> read_censuses(std::vector<std::string> const& arguments) {
  std::vector<census_record> censuses;
  for (std::string const& argument : arguments) {
    auto const [name, folder, is_named] = split_named_path(argument);
    auto census = read_census(folder);
    if (is_named) census.name = name;
    if (census.name.empty() || !detail::is_text_of_cell(census.name))
      throw bad_input(argument, "names no census that a table could show; use NAME=FOLDER");
    if (std::ranges::find(censuses, census.name, &census_record::name) != censuses.end())
      throw bad_input(argument, "a second census of the name " + census.name + "; use NAME=FOLDER");
    censuses.push_back(std::move(census));
  }
  return censuses;
}

}  // namespace census
