// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/csv_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace census {

/// The neurons without firings in a census that was taken before, of layers first .. last - 1 of a model with so many
/// neurons a layer: [layer - first], ascending. Throws bad_input naming what is missing or spoiled, and where the
/// census has not these layers, or more neurons.
inline std::vector<std::vector<std::uint32_t>>
read_silent_neurons(std::filesystem::path const& folder, std::size_t first, std::size_t last, std::size_t neurons) {
  csv_reader csv(folder / "neurons.csv");
  auto const layer = csv.need("layer"), neuron = csv.need("neuron"), firings = csv.need("firings");
  std::map<std::uint64_t, std::vector<std::uint32_t>> silent;  // by layer
  while (csv.next()) {
    auto const l = csv.count(layer), n = csv.count(neuron), fired = csv.count(firings);
    if (!l || !n || !fired) throw bad_input(csv.place(), "is no row of a neuron");
    if (*n >= neurons) throw bad_input(folder.string(), "is of a model with more neurons a layer");
    auto& of_layer = silent[*l];
    if (*fired == 0) of_layer.push_back(static_cast<std::uint32_t>(*n));
  }
  std::vector<std::vector<std::uint32_t>> chosen;
  for (std::size_t l = first; l < last; ++l) {
    auto const found = silent.find(l);
    if (found == silent.end()) throw bad_input(folder.string(), "has no layer " + std::to_string(l));
    chosen.push_back(found->second);
  }
  return chosen;
}

}  // namespace census
