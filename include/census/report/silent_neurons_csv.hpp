// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column.hpp>
#include <census/report/column_name.hpp>
#include <census/report/detail/csv_writer.hpp>
#include <census/report/number.hpp>
#include <census/statistic/silence_census.hpp>

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <span>

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

/// What a row of silent_neurons.csv tells of: a silent neuron of a layer.
struct silent_neuron_row {
  silence_census const& layer;
  silent_neuron const& neuron;
};

/// The columns of silent_neurons.csv. A neuron that reads nothing has infinite cosines.
inline columns<silent_neuron_row> silent_neuron_columns() {
  return {{column_name::layer, "the layer, from 0", [](silent_neuron_row const& at) { return at.layer.layer; }},
          {column_name::neuron, "its number in the layer, from 0",
           [](silent_neuron_row const& at) { return at.neuron.neuron; }},
          {"verdict", "provably dead, awakened or neither",
           [](silent_neuron_row const& at) { return name_of(at.neuron.silence); }},
          {"demanded_cosine", "as in neurons.csv",
           [](silent_neuron_row const& at) { return number(at.neuron.demanded_cosine); }, column_type::real},
          {"largest_cosine_in_text", "the largest that the text gave",
           [](silent_neuron_row const& at) { return number(at.neuron.largest_cosine_in_text); }, column_type::real},
          {"largest_cosine", "the largest that anything tried gave",
           [](silent_neuron_row const& at) { return number(at.neuron.largest_cosine); }, column_type::real},
          {"near_silences", "tokens of the text at which the layer's own rounding may have decided that it was silent",
           [](silent_neuron_row const& at) { return at.neuron.near_silences; }}};
}

/// silent_neurons.csv: a row a neuron that was silent.
inline void write_silent_neurons_csv(std::ostream& out, std::span<silence_census const> layers) {
  detail::csv_writer<silent_neuron_row> table(out, silent_neuron_columns());
  for (silence_census const& layer : layers)
    for (silent_neuron const& neuron : layer.silent) table.write({layer, neuron});
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
