// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>

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
