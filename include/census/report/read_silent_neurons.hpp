// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/merge_runs.hpp>
#include <census/report/read_census.hpp>
#include <census/report/run_json.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// The neurons without firings of neurons.csv alone. It is not trusted: layers must ascend, and each of them that is
/// asked for must have a row for every neuron of the model, in order. Throws bad_input naming the line that is none, or
/// the folder where a layer is missing.
inline std::vector<std::vector<std::uint32_t>>
silent_neurons_of_csv(std::filesystem::path const& folder, std::size_t first, std::size_t last, std::size_t neurons) {
  csv_reader csv(folder / "neurons.csv");
  auto const layer = csv.need(column_name::layer), neuron = csv.need(column_name::neuron),
             firings = csv.need(column_name::firings);
  std::string const of_model = "neurons 0 to " + std::to_string(neurons - 1) + " in order, as the model has them";
  std::vector<std::vector<std::uint32_t>> silent(last - first);
  std::vector<std::size_t> rows(last - first);
  std::uint64_t at = 0;  // the layer
  while (csv.next()) {
    auto const l = csv.count(layer), n = csv.count(neuron), fired = csv.count(firings);
    if (!l || !n || !fired) throw bad_input(csv.place(), "is no row of a neuron");
    if (*l < std::exchange(at, *l)) throw bad_input(csv.place(), "the layers do not ascend");
    if (*l < first || *l >= last) continue;
    auto& row = rows[*l - first];
    if (*n != row || row == neurons)
      throw bad_input(csv.place(), "is of neuron " + std::to_string(*n) + "; a layer should have " + of_model);
    if (*fired == 0) silent[*l - first].push_back(static_cast<std::uint32_t>(*n));
    ++row;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const name = "layer " + std::to_string(first + i);
    if (rows[i] == 0) throw bad_input(folder.string(), "has no " + name);
    if (rows[i] < neurons)
      throw bad_input(folder.string(), name + " has " + std::to_string(rows[i]) + " neurons, the model " +
                                           std::to_string(neurons) + "; it is of another model");
  }
  return silent;
}

}  // namespace detail

/// The neurons without firings in a census of the same model that was taken before, of layers first .. last - 1 of so
/// many neurons each: [layer - first], ascending. `model`: the files that the model was read from,
/// files_of(origin_of(model)). Throws bad_input as read_census does, where the census is of other files, and where it
/// lacks a layer.
inline std::vector<std::vector<std::uint32_t>> read_silent_neurons(std::filesystem::path const& folder,
                                                                   std::vector<run_record::file> const& model,
                                                                   std::size_t first, std::size_t last,
                                                                   std::size_t neurons) {
  auto const census = read_census(folder);
  for (auto const& difference : differing_files(model, census.run.model))
    throw bad_input(folder.string(), "is not a census of this model: " + difference);
  return detail::silent_neurons_of_csv(folder, first, last, neurons);
}

}  // namespace census
