// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/firing_values.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/error.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census {

/// An activation block: a cheap, immutable handle to one layer's activations for some whole sequences.
///  - `b.layer()`    which layer, from 0;
///  - `b.text()`     the shared_text whose rows are the block's rows, by reference, for what looks at the block refers
///                   to it meanwhile; blocks of different layers share it;
///  - `b.firings()`  the firings [row, neuron], packed, wherever they lie: in host memory, on a device, in a file.
/// Law: a copy is equal to its original and shares its storage; nothing that is observed ever changes.
template <class B>
concept activation_block = std::copyable<B> && requires(B const& b) {
  { b.layer() } -> std::convertible_to<std::uint32_t>;
  { b.text() } -> std::same_as<shared_text const&>;
  b.firings();
};

/// A block whose packed firings can be read here, row by row, as 64-bit words.
template <class B>
concept host_block = activation_block<B> && requires(B const& b, std::size_t i) {
  { b.firings().rows() } -> std::convertible_to<std::size_t>;
  { b.firings().neurons() } -> std::convertible_to<std::size_t>;
  { b.firings().row(i) } -> std::convertible_to<std::span<std::uint64_t const>>;
};

/// Brings a block's firings to the host: a host block is its own answer. A backend overloads it beside its own block
/// type, where argument-dependent lookup finds it; `survey` calls it at most once a block, and only where somebody
/// needs the host's bits.
template <host_block B>
B const& on_host(B const& block) {
  return block;
}

/// Throws std::invalid_argument, in the name of `who`, where a block has not one row of firings for each row of its
/// text.
template <activation_block B>
void require_rows(B const& block, char const* who) {
  std::size_t const rows = block.text() == nullptr ? 0 : block.text()->tokens.size();
  std::size_t const firings = block.firings().rows();
  if (block.text() != nullptr && rows == firings) return;
  throw std::invalid_argument(std::string(who) + ": layer " + std::to_string(block.layer()) + ": firings of " +
                              std::to_string(firings) + " rows, but " +
                              (block.text() == nullptr ? "no text" : "a text of " + std::to_string(rows)));
}

/// The block type of the reference backend: everything in host memory.
class block {
 public:
  /// Throws std::invalid_argument, naming the layer, where text, firings and values disagree about the number of rows
  /// or neurons; std::length_error where there are 2^32 neurons or more. Values are not read here: who observes them
  /// refuses NaN (accumulator/valued_block.hpp), or passes it over as top_examples does.
  block(std::uint32_t layer, shared_text text, packed_firings firings, activation_values values = {},
        census::firing_values of_firings = {})
      : layer_(layer), text_(std::move(text)), firings_(std::move(firings)), values_(std::move(values)),
        firing_values_(std::move(of_firings)) {
    require_countable(layer, firings_.neurons());
    require_rows(*this, "census::block");
    require_shape(values_);
    require_shape(firing_values_);
  }

  std::uint32_t layer() const { return layer_; }
  shared_text const& text() const { return text_; }
  packed_firings const& firings() const { return firings_; }

  /// The values [row, neuron] where the source kept them; empty where it did not.
  activation_values const& values() const { return values_; }

  /// The values of firings, where the source kept them and no others; else empty.
  census::firing_values const& firing_values() const { return firing_values_; }

  /// Throws std::length_error where a layer has 2^32 neurons or more, for neurons are numbered in 32 bits.
  static void require_countable(std::uint32_t layer, std::size_t neurons) {
    if (neurons > std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("census::block: layer " + std::to_string(layer) + ": " + std::to_string(neurons) +
                              " neurons; a layer has at most 2^32 - 1");
  }

 private:
  static std::string shape(auto const& of) {
    return std::to_string(of.rows()) + " rows of " + std::to_string(of.neurons()) + " neurons";
  }
  void require_shape(auto const& values) const {
    if (values.empty() || (values.rows() == firings_.rows() && values.neurons() == firings_.neurons())) return;
    throw std::invalid_argument("census::block: layer " + std::to_string(layer_) + ": values of " + shape(values) +
                                ", but firings of " + shape(firings_));
  }

  std::uint32_t layer_;
  shared_text text_;
  packed_firings firings_;
  activation_values values_;
  census::firing_values firing_values_;
};

/// A block from values [row, neuron]: packs their firings. Throws bad_input naming layer, row and neuron where a value
/// is NaN; else as block does.
template <firing_predicate Fires = fires_above>
block make_block(std::uint32_t layer, shared_text text, activation_values values, Fires const& fires = {}) {
  block::require_countable(layer, values.neurons());
  try {
    auto firings = pack(values, fires);
    return {layer, std::move(text), std::move(firings), std::move(values)};
  } catch (bad_input const& error) {
    throw bad_input("layer " + std::to_string(layer), error.what());
  }
}

}  // namespace census
