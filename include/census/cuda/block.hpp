// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/tabulate.hpp>

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace census::cuda {

/// An activation block whose firings lie on a device. What counts takes it as it is, for `tabulate` counts there; what
/// needs the bits here, or the values, is shown on_host(block).
class block {
 public:
  /// The values [row, neuron], where the source kept them, lie on the host. Throws std::invalid_argument where text,
  /// firings and values disagree about the number of rows or neurons, naming the layer where it is the text.
  block(std::uint32_t layer, shared_text text, cuda::firings firings, activation_values values = {})
      : layer_(layer), text_(std::move(text)), firings_(std::move(firings)), values_(std::move(values)) {
    require_rows(*this, "census::cuda::block");
    if (!values_.empty() && (values_.rows() != firings_.rows() || values_.neurons() != firings_.neurons()))
      throw std::invalid_argument("census::cuda::block: the values and the firings differ in shape");
  }

  std::uint32_t layer() const { return layer_; }
  shared_text const& text() const { return text_; }
  cuda::firings const& firings() const { return firings_; }

  /// The block's twin on the host: its bits are copied. Throws device_error.
  friend census::block on_host(block const& block) {
    return {block.layer_, block.text_, block.firings_.on_host(), block.values_};
  }

 private:
  std::uint32_t layer_;
  shared_text text_;
  cuda::firings firings_;
  activation_values values_;
};

static_assert(activation_block<block>);

}  // namespace census::cuda
