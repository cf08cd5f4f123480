// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/json_lines.hpp>
#include <census/report/detail/ngram_name.hpp>
#include <census/report/read_census.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// How many lines of detectors.jsonl are of each layer and n.
using detector_line_counts = std::map<std::pair<std::uint32_t, std::size_t>, std::uint64_t>;

/// Throws bad_input naming the file where layers.csv counts other numbers of detectors than it has lines; what
/// layers.csv does not tell is not compared.
inline void check_detector_counts(std::string const& file, std::vector<layer_record> const& layers,
                                  detector_line_counts const& lines) {
  constexpr std::size_t longest = 9;
  for (layer_record const& layer : layers)
    for (std::size_t n = 1; n <= longest; ++n) {
      std::string const kind = n == 1 ? "token" : name_of_ngram(n);
      auto const counted = layer.figure(kind + "_detectors");
      auto const found = lines.find({layer.layer, n});
      std::uint64_t const told = found == lines.end() ? 0 : found->second;
      if (counted && *counted != static_cast<double>(told))
        throw bad_input(file, "tells " + std::to_string(told) + " " + kind + " detectors of layer " +
                                  std::to_string(layer.layer) +
                                  ", where layers.csv counts another number: it is cut "
                                  "short, or of another census");
    }
}

/// Calls see(line as JSON) for each line of a census's detectors.jsonl, of which layers.csv has to count as many; for
/// none where run.json does not list that file, for a program need not look at what detectors do. The file is not
/// trusted: throws bad_input naming file and line where it is malformed, where it is of a neuron that layers.csv does
/// not have, or where `see` asks a line for what it does not hold.
template <class See>
void for_each_detector_line(census_record const& census, See const& see) {
  if (!census.has_file("detectors.jsonl")) return;
  auto const path = census.folder / "detectors.jsonl";
  json_lines lines(path);
  detector_line_counts counts;
  while (auto const line = lines.next()) {
    auto const none = [&] { return bad_input(lines.place(), "is no line of a detector as a census writes it"); };
    auto const number = [&](char const* name) {
      auto const& value = line->at(name);
      if (!value.is_number_unsigned() || value.template get<std::uint64_t>() > UINT32_MAX) throw none();
      return value.template get<std::uint32_t>();
    };
    try {
      auto const* const layer = census.find(number("layer"));
      if (layer == nullptr || number("neuron") >= layer->neurons)
        throw bad_input(lines.place(), "is of a neuron that layers.csv does not have");
      ++counts[{layer->layer, number("n")}];
      see(*line);
    } catch (nlohmann::json::exception const&) {
      throw none();
    }
  }
  check_detector_counts(path.string(), census.layers, counts);
}

}  // namespace census::detail
