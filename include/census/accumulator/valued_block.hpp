// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/parallel_loop.hpp>

#include <tbb/blocked_range.h>

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

namespace census {

/// A host block that can carry values [row, neuron].
template <class B>
concept valued_block = host_block<B> && requires(B const& b, std::size_t i) {
  { b.values().empty() } -> std::convertible_to<bool>;
  { b.values().row(i) } -> std::convertible_to<std::span<float const>>;
};

/// Throws std::invalid_argument where the block does not carry the values of all neurons, which `who` needs, in as many
/// rows as its text has tokens.
template <valued_block B>
void require_values(B const& block, char const* who) {
  if (block.values().empty())
    throw std::invalid_argument(std::string(who) +
                                ": these blocks do not carry the values of all neurons; ask their source to keep them");
  require_rows(block, who);
  if constexpr (requires {
                  { block.values().rows() } -> std::convertible_to<std::size_t>;
                }) {
    std::size_t const values = block.values().rows(), tokens = block.text()->tokens.size();
    if (values != tokens)
      throw std::invalid_argument(std::string(who) + ": a block of " + std::to_string(values) +
                                  " rows of values and a text of " + std::to_string(tokens));
  }
}

/// Throws std::invalid_argument, in the name of `who`, by layer, row and neuron where a value is NaN, which belongs to
/// no bin and is not larger or smaller than any. For a block that require_values lets pass.
template <valued_block B>
void require_no_nan(B const& block, char const* who) {
  auto const is_nan = [](float value) { return value != value; };
  std::size_t const rows = block.firings().rows();
  std::atomic<bool> met_nan = false;
  parallel_loop(tbb::blocked_range<std::size_t>(0, rows, 16), [&](auto const& range) {
    int met = 0;  // as wide as the values, so that the loop vectorises
    for (std::size_t row = range.begin(); row != range.end(); ++row)
      for (float const value : std::span<float const>(block.values().row(row))) met |= is_nan(value) ? 1 : 0;
    if (met != 0) met_nan = true;
  });
  for (std::size_t row = 0; met_nan && row < rows; ++row) {
    std::span<float const> const values = block.values().row(row);
    auto const found = std::ranges::find_if(values, is_nan);
    if (found != values.end())
      throw std::invalid_argument(std::string(who) + ": layer " + std::to_string(block.layer()) + ": row " +
                                  std::to_string(row) + ", neuron " + std::to_string(found - values.begin()) +
                                  ": the value is NaN");
  }
}

/// A host block that can carry the values of its firings, and no others, as census::block can.
template <class B>
concept firing_valued_block = host_block<B> && requires(B const& b, std::size_t i) {
  { b.firing_values().empty() } -> std::convertible_to<bool>;
  { b.firing_values().row(i) } -> std::convertible_to<float const*>;
};

/// Whether a block carries the values of its firings, and no others.
template <host_block B>
bool holds_firings_alone(B const& block) {
  if constexpr (firing_valued_block<B>)
    return !block.firing_values().empty();
  else
    return false;
}

}  // namespace census
