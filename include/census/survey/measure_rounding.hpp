// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/text_list.hpp>
#include <census/statistic/rounding_error.hpp>
#include <census/survey/census_model.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace census {

/// What rounding does to a model's pre-activations, by layer, from layer 0 to last_layer - 1: those that it computes
/// for some texts of one sequence each, beside those in double precision. exact(weights, i) gives the latter for
/// sample[i] in the layer of these weights, [token, neuron] row by row; it is asked layer by layer, for each text in
/// turn (census::double_pass). Throws as the model's layers do; std::logic_error where blocks or values are not those
/// of the sample's texts, one a text.
template <layered_model Model, class Exact>
std::vector<rounding_error> measure_rounding(Model const& running, std::vector<shared_text> const& sample,
                                             std::size_t last_layer, Exact&& exact) {
  std::vector<rounding_error> errors;
  auto all = layers(running, text_list(sample), {.layers = {0, last_layer}, .keep_values = {true, true}});
  for (auto&& layer : all) {
    std::vector<double> bounds;
    for (auto const& range : pre_activation_ranges(running.architecture(), all.weights()))
      bounds.push_back(range.likely_rounding());
    rounding_error& error = errors.emplace_back();
    std::size_t i = 0;
    for (auto const& block : layer) {
      auto const& here = on_host(block);
      auto&& found = exact(all.weights(), i);
      std::span<double const> const reference(found);
      if (here.text()->tokens != sample.at(i)->tokens || reference.size() != here.values().rows() * bounds.size())
        throw std::logic_error("census::measure_rounding: a block, or its values in double precision, are of another "
                               "text than that of the sample");
      ++i;
      for (std::size_t row = 0; row < here.values().rows(); ++row)
        error.add(here.values().row(row), reference.subspan(row * bounds.size(), bounds.size()), bounds);
    }
  }
  return errors;
}

}  // namespace census
