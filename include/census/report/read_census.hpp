// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/detail/find_listed_file.hpp>
#include <census/report/read_run_json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// A layer of a census that was read back: its row of layers.csv, by the names of the columns.
struct layer_record {
  std::uint32_t layer = 0;
  std::uint64_t neurons = 0, dead = 0;
  std::map<std::string, std::string, std::less<>> cells;
  std::string place;  ///< file and line, for messages

  /// A figure; none where the file has no such column, or the layer no such figure. Throws bad_input where it is text.
  std::optional<double> figure(std::string_view column) const {
    auto const found = cells.find(column);
    return found == cells.end() ? std::nullopt : parse_cell<double>(found->second, place, column);
  }
};

/// A neuron of which neurons.csv says that it is positional.
struct positional_record {
  std::uint32_t layer = 0, neuron = 0;
  double information = 0;      ///< mutual information with position, nats
  std::string type;            ///< positional_type; empty where the file does not tell
  std::optional<bool> strong;  ///< positional_strong; none where the file does not tell
};

/// A census read back from the folder that census_folder wrote.
struct census_record {
  std::string name;  ///< to call it by: the folder's own name, unless set to another
  run_record run;
  std::vector<layer_record> layers;                    ///< ascending by layer
  std::vector<positional_record> positional;           ///< beyond chance (positional_corrected), corrected information
  std::vector<positional_record> positional_by_paper;  ///< by the paper's rule (positional), its plain information
  std::filesystem::path folder = {};                   ///< where its other files lie

  /// Whether it has this file, as its run.json lists them; of one that lists none, nothing else is known.
  bool has_file(std::string_view name) const { return detail::may_have_file(run.results, name); }

  /// Where a file lies that a census need not have; none where it has none. Throws bad_input where its run.json lists
  /// the file, and it is gone: what a census told is not to be missing in silence.
  std::optional<std::filesystem::path> find_file(std::string_view name) const {
    return detail::find_listed_file(run.results, folder, name);
  }

  /// The row of layers.csv of this layer; null where the census has no such layer.
  layer_record const* find(std::uint32_t layer) const {
    auto const found = std::ranges::find(layers, layer, &layer_record::layer);
    return found == layers.end() ? nullptr : &*found;
  }

  /// Whether a column of layers.csv has a figure of some layer.
  bool tells(std::string_view column) const {
    return std::ranges::any_of(layers, [&](layer_record const& layer) { return layer.figure(column).has_value(); });
  }
};

/// Reads layers.csv back.
inline std::vector<layer_record> read_layers_csv(std::filesystem::path const& path) {
  csv_reader csv(path);
  auto const number = csv.need(column_name::layer), neurons = csv.need(column_name::neurons),
             dead = csv.need(column_name::dead);
  auto const needed = [&](csv_reader::column column) {
    auto const value = csv.count(column);
    if (!value || *value > UINT32_MAX) throw bad_input(csv.place(), "is no row of a layer");
    return *value;
  };
  std::vector<layer_record> layers;
  while (csv.next()) {
    layer_record layer{static_cast<std::uint32_t>(needed(number)), needed(neurons), needed(dead), {}, csv.place()};
    if (!layers.empty() && layer.layer <= layers.back().layer) throw bad_input(csv.place(), "the layers do not ascend");
    for (std::size_t column = 0; column < csv.names().size(); ++column)
      layer.cells.emplace(csv.names()[column], csv.text(column));
    layers.push_back(std::move(layer));
  }
  if (layers.empty()) throw bad_input(path.string(), "holds no layer");
  return layers;
}

namespace detail {

/// Reads neurons.csv's rows of positional neurons: by one of its verdicts, with the information that it is about.
class positional_reader {
 public:
  positional_reader(csv_reader const& csv, std::string_view verdict, std::string_view information)
      : csv_(csv), verdict_(csv.find(verdict)), information_(csv.find(information)),
        type_(csv.find(column_name::positional_type)), strong_(csv.find(column_name::positional_strong)) {}

  /// The neuron of the row at hand; none where it is not positional. Throws bad_input where it is, but has no
  /// information.
  std::optional<positional_record> read(std::uint32_t layer, std::uint32_t neuron) const {
    if (csv_.count(verdict_).value_or(0) == 0) return std::nullopt;
    auto const nats = csv_.real(information_);
    if (!nats) throw bad_input(csv_.place(), "a positional neuron has no mutual information");
    auto const strong = csv_.count(strong_);
    return positional_record{layer, neuron, *nats, std::string(csv_.text(type_)),
                             strong ? std::optional(*strong != 0) : std::nullopt};
  }

 private:
  csv_reader const& csv_;
  csv_reader::column verdict_, information_, type_, strong_;
};

}  // namespace detail

/// Reads a census back. Throws bad_input naming what is missing or spoiled, and where the files are not of one census:
/// neurons.csv must hold the neurons, the dead and the positional ones that layers.csv counts.
inline census_record read_census(std::filesystem::path const& folder) {
  census_record census;
  census.run = read_run_of(folder);
  std::error_code status;
  census.name = std::filesystem::weakly_canonical(folder, status).filename().string();
  census.folder = folder;
  census.layers = read_layers_csv(folder / "layers.csv");

  csv_reader csv(folder / "neurons.csv");
  auto const layer = csv.need(column_name::layer), neuron = csv.need(column_name::neuron),
             firings = csv.need(column_name::firings);
  detail::positional_reader const beyond_chance(csv, column_name::positional_corrected,
                                                column_name::mutual_information_corrected),
      by_paper(csv, column_name::positional, column_name::mutual_information);
  bool more = csv.next();
  for (layer_record const& expected : census.layers) {
    std::uint64_t neurons = 0, dead = 0;
    std::size_t const before = census.positional.size();
    for (; more && csv.count(layer) == expected.layer; ++neurons, more = csv.next()) {
      if (csv.count(neuron) != neurons || !csv.count(firings)) throw bad_input(csv.place(), "is no row of a neuron");
      dead += csv.count(firings) == 0;
      auto const number = static_cast<std::uint32_t>(neurons);
      if (auto found = beyond_chance.read(expected.layer, number)) census.positional.push_back(*std::move(found));
      if (auto found = by_paper.read(expected.layer, number)) census.positional_by_paper.push_back(*std::move(found));
    }
    if (neurons != expected.neurons || dead != expected.dead ||
        static_cast<double>(census.positional.size() - before) !=
            expected.figure(column_name::positional_corrected).value_or(0))
      throw bad_input(folder.string(), "layers.csv and neurons.csv are not of one census: they differ on layer " +
                                           std::to_string(expected.layer));
  }
  if (more) throw bad_input(csv.place(), "a neuron of a layer that layers.csv does not have");
  return census;
}

/// What keeps two censuses from being compared figure by figure, a sentence each: other texts, other tokens of them.
inline std::vector<std::string> differences(run_record const& a, run_record const& b) {
  auto const texts = [](run_record const& run) {
    std::set<std::pair<std::string, std::uint64_t>> found;
    for (auto const& text : run.texts) found.emplace(text.domain, text.hash);
    return found;
  };
  auto const setting = [](run_record const& run, std::string_view name) {
    return run.setting(name).value_or("not told");
  };
  auto const told = [](std::string const& value) { return value != "not told"; };
  std::vector<std::string> found;
  auto const parts = [](run_record const& run) {
    std::set<std::vector<std::string>> found;
    for (auto const& text : run.texts)
      found.insert(text.documents.value_or(run_record::counted_documents{}).parts.names());
    return found;
  };
  if (texts(a) != texts(b))
    found.push_back("the texts are not the same (by their hashes)");
  else if (parts(a) != parts(b))
    found.push_back("other parts of their documents were counted");
  for (auto const* name : {"context", "bos", "tokens", "field"})
    if (auto const one = setting(a, name), other = setting(b, name); one != other)
      found.push_back(std::string(name) + " is " + one + " here and " + other + " there");
  if (auto const one = setting(a, "bos_id"), other = setting(b, "bos_id"); one != other && told(one) && told(other))
    found.push_back("the BOS is token " + one + " here and " + other + " there");
  auto const split = [&](run_record const& run) {
    auto const mark = setting(run, "split");
    return mark.empty() || !told(mark) ? std::string("nothing") : mark;  // what knew no marks split nothing
  };
  if (split(a) != split(b)) found.push_back("texts are split at " + split(a) + " here and " + split(b) + " there");
  if (found.empty() && std::map(a.tokens_by_domain.begin(), a.tokens_by_domain.end()) !=
                           std::map(b.tokens_by_domain.begin(), b.tokens_by_domain.end()))
    found.push_back("the same texts gave other numbers of tokens: another tokenizer");
  return found;
}

}  // namespace census
