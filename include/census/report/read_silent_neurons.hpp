// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The neurons without firings in a census that was taken before, of layers first .. last - 1 of a model with so many
/// neurons a layer: [layer - first], ascending. The file is not trusted: layers must ascend, and each of them that is
/// asked for must have a row for every neuron of the model, in order. Throws bad_input naming the line that is none, or
/// the file where a layer is missing.
inline std::vector<std::vector<std::uint32_t>>
read_silent_neurons(std::filesystem::path const& folder, std::size_t first, std::size_t last, std::size_t neurons) {
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

}  // namespace census
