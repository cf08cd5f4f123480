// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/csv.hpp>
#include <census/report/number.hpp>
#include <census/statistic/silence_census.hpp>

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <span>
#include <string>
#include <utility>

namespace census {

/// What silent_neurons.csv calls it.
constexpr char const* name_of(silence verdict) {
  switch (verdict) {
  case silence::provable:
    return "provably dead";
  case silence::broken:
    return "awakened";
  case silence::unknown:
    break;
  }
  return "neither";
}

/// silent_neurons.csv: a row a neuron that was silent.
inline void write_silent_neurons_csv(std::ostream& out, std::span<silence_census const> layers) {
  bool is_first = true;
  for (silence_census const& layer : layers)
    for (silent_neuron const& neuron : layer.silent) {
      csv_row const row{{"layer", number(layer.layer)},
                        {"neuron", number(neuron.neuron)},
                        {"verdict", name_of(neuron.silence)},
                        {"demanded_cosine", number(neuron.demanded_cosine)},
                        {"largest_cosine_in_text", number(neuron.largest_cosine_in_text)},
                        {"largest_cosine", number(neuron.largest_cosine)},
                        {"near_silences", number(neuron.near_silences)}};
      if (std::exchange(is_first, false)) write_csv_header(out, row);
      write_csv_line(out, row);
    }
}

/// The same as people read it: a line a layer.
inline void print_silence_table(std::ostream& out, std::span<silence_census const> layers) {
  out << "layer  neurons  silent  provably dead  awakened  neither  always on  rounding could kill  or wake\n";
  for (silence_census const& layer : layers) {
    auto const count = [&](silence verdict) {
      return std::ranges::count(layer.silent, verdict, &silent_neuron::silence);
    };
    out << std::setw(5) << layer.layer << std::setw(9) << layer.neurons << std::setw(8) << layer.silent.size()
        << std::setw(15) << count(silence::provable) << std::setw(10) << count(silence::broken) << std::setw(9)
        << count(silence::unknown) << std::setw(11) << layer.always_on << std::setw(21) << layer.could_be_dead
        << std::setw(9) << layer.could_be_alive << '\n';
  }
}

}  // namespace census
