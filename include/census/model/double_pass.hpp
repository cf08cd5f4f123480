// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cancelled.hpp>
#include <census/model/check_input.hpp>
#include <census/model/forward_in_double.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace census {

/// Some sequences on their way through a model in double precision, layer by layer:
///
///     census::double_pass exact(model, sample);
///     auto const errors = census::measure_rounding(model, sample, last_layer, exact);
class double_pass {
 public:
  /// Each text is one sequence; std::invalid_argument else. Throws bad_input where the model has no such token or
  /// position.
  double_pass(model const& m, std::vector<shared_text> const& texts) : shape_(m.architecture()) {
    for (shared_text const& text : texts) {
      if (text->sequences.size() != 1) throw std::invalid_argument("census::double_pass: a text is not one sequence");
      check_text(shape_, *text);
      residuals_.push_back(in_double::embed(m.weights(), text->tokens));
    }
  }

  /// The pre-activations [token, neuron] of a text in the layer whose weights these are, row by row, until the next
  /// call. To be asked for each text once a layer, from layer 0 on.
  std::span<double const> operator()(layer_weights const& layer, std::size_t text) {
    check_not_cancelled();
    in_double::matrix& residual = residuals_.at(text);
    in_double::attend(shape_, layer, residual);
    found_ = in_double::pre_activations(shape_, layer, residual);
    if (layer.has_fc2()) in_double::add_update(shape_, layer, found_, residual);
    return {found_.data(), static_cast<std::size_t>(found_.size())};
  }

 private:
  architecture shape_;
  std::vector<in_double::matrix> residuals_;  // [text]
  in_double::matrix found_;
};

}  // namespace census
