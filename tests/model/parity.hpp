// SPDX-License-Identifier: MIT
// A model's activations beside those of a reference: the bounds that parity asks for, printed with what was found.
#pragma once

#include <census/model/activations.hpp>
#include <census/projection/vocabulary_projection.hpp>

#include "reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

struct parity {
  bool holds = true;
  std::size_t layers = 0;

  /// Activations differ by at most 1e-4 of the layer's largest one; firings are the same, but where the reference's
  /// pre-activation is closer to zero than that.
  void compare(std::string const& name, census::model const& model, reference const& expected, std::ostream& print) {
    holds &= expected.layers == model.architecture().layers && expected.neurons == model.architecture().ffn_size;
    for (auto const& block : census::activations(model, std::vector{expected.text()}))
      compare(name, block, expected, print);
    if (!expected.projection.empty()) compare_projection(name, model, expected, print);
  }

 private:
  void compare(std::string const& name, census::block const& block, reference const& expected, std::ostream& print) {
    float largest = 0, difference = 0;
    std::size_t compared = 0, disagree = 0, close_to_zero = 0, wrong = 0;
    for (auto const& s : expected.sequences)
      for (float const value : expected.of_layer(s.activations, s, block.layer()))
        largest = std::max(largest, std::abs(value));
    for (std::size_t q = 0; q < expected.sequences.size(); ++q) {
      auto const& s = expected.sequences[q];
      auto const before = expected.of_layer(s.pre_activations, s, block.layer());
      auto const after = expected.of_layer(s.activations, s, block.layer());
      for (std::size_t i = 0; i < after.size(); ++i) {
        std::size_t const row = block.text()->sequences[q].first_row + s.rows[i / expected.neurons];
        std::size_t const n = i % expected.neurons;
        difference = std::max(difference, std::abs(block.values().row(row)[n] - after[i]));
        bool const doubtful = std::abs(before[i]) < 1e-4f * largest;
        bool const agrees = block.firings().fires(row, n) == (after[i] > 0);
        ++compared, close_to_zero += doubtful, disagree += !agrees, wrong += !agrees && !doubtful;
      }
    }
    print << name << ", layer " << block.layer() << ": largest " << largest << ", largest difference "
          << difference / largest << " of it; " << compared << " firings, " << close_to_zero
          << " too close to zero to count, " << disagree << " of them differ\n";
    holds &= largest > 0.1f && difference <= 1e-4f * largest && wrong == 0;
    ++layers;
  }

  void compare_projection(std::string const& name, census::model const& model, reference const& expected,
                          std::ostream& print) {
    auto const update = model.update_on_embedding(expected.layers - 1, 1);
    auto const logits = census::vocabulary_projection(model.embedding(), update);
    float largest = 0, difference = 0;
    holds &= static_cast<std::size_t>(logits.size()) == expected.projection.size();
    for (std::size_t t = 0; holds && t < expected.projection.size(); ++t) {
      largest = std::max(largest, std::abs(expected.projection[t]));
      difference = std::max(difference, std::abs(logits[static_cast<Eigen::Index>(t)] - expected.projection[t]));
    }
    print << name << ", projection of an update: largest " << largest << ", largest difference " << difference / largest
          << " of it\n";
    holds &= largest > 0 && difference <= 1e-5f * largest;
  }
};
