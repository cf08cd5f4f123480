// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/detail/pack_words.hpp>
#include <census/error.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census {

/// Whether an activation value means that its neuron fires. Must be pure; it is never asked about NaN.
template <class F>
concept firing_predicate = std::copy_constructible<F> && std::predicate<F const&, float>;

/// The paper's predicate for ReLU: the value after the activation function is above a threshold, zero unless told.
struct fires_above {
  float threshold = 0;
  bool operator()(float value) const { return value > threshold; }
};

/// An immutable handle to firings [row, neuron], one bit a neuron; a copy shares them. Neuron n is bit n % 64 of word n
/// / 64 of its row; bits past the last neuron are zero.
class packed_firings {
 public:
  static constexpr std::size_t words_for(std::size_t neurons) { return (neurons + 63) / 64; }

  packed_firings() = default;

  /// Shares `words` [row, words_for(neurons)]. Throws std::invalid_argument naming the row where a bit is set past the
  /// last neuron.
  packed_firings(std::shared_ptr<std::uint64_t const[]> words, std::size_t rows, std::size_t neurons)
      : words_(std::move(words)), rows_(rows), neurons_(neurons) {
    if (auto const row = row_past_last_neuron(words_.get(), rows, neurons))
      throw std::invalid_argument("census::packed_firings: row " + std::to_string(*row) +
                                  " has a bit past the last of " + std::to_string(neurons) + " neurons");
  }

  /// The first row of `words` in which a bit is set past the last neuron; nothing where there is none.
  static std::optional<std::size_t> row_past_last_neuron(std::uint64_t const* words, std::size_t rows,
                                                         std::size_t neurons) {
    if (neurons % 64 == 0) return std::nullopt;
    std::size_t const words_per_row = words_for(neurons);
    for (std::size_t row = 0; row < rows; ++row)
      if ((words[(row + 1) * words_per_row - 1] >> neurons % 64) != 0) return row;
    return std::nullopt;
  }

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return words_for(neurons_); }

  std::span<std::uint64_t const> row(std::size_t i) const {
    return {words_.get() + i * words_per_row(), words_per_row()};
  }
  bool fires(std::size_t row_number, std::size_t neuron) const {
    return (row(row_number)[neuron / 64] >> (neuron % 64)) & 1;
  }

 private:
  std::shared_ptr<std::uint64_t const[]> words_;
  std::size_t rows_ = 0, neurons_ = 0;
};

/// Packs one row of values into words_for(values.size()) words. Returns false, the words then unspecified, where a
/// value is NaN.
template <firing_predicate Fires = fires_above>
bool pack_row(std::span<float const> values, std::uint64_t* words, Fires const& fires = {}) {
  std::size_t const whole = values.size() / 64;
  bool ordered = true;
  if constexpr (std::same_as<Fires, fires_above>)
    ordered = detail::pack_words_above(values.data(), whole, fires.threshold, words);
  else
    for (std::size_t w = 0; w < whole; ++w) ordered &= detail::pack_word(&values[w * 64], 64, words[w], fires);
  if (std::size_t const rest = values.size() % 64; rest != 0)
    ordered &= detail::pack_word(&values[whole * 64], rest, words[whole], fires);
  return ordered;
}

/// Packs values once; everything that counts reads the bits. Throws bad_input naming row and neuron where a value is
/// NaN.
template <firing_predicate Fires = fires_above>
packed_firings pack(activation_values const& values, Fires const& fires = {}) {
  std::size_t const words_per_row = packed_firings::words_for(values.neurons());
  std::shared_ptr<std::uint64_t[]> words(new std::uint64_t[values.rows() * words_per_row]);
  for (std::size_t i = 0; i < values.rows(); ++i) {
    auto const row = values.row(i);
    if (!pack_row(row, words.get() + i * words_per_row, fires)) {
      auto const neuron = std::ranges::find_if(row, [](float v) { return v != v; }) - row.begin();
      throw bad_input("row " + std::to_string(i) + ", neuron " + std::to_string(neuron), "the activation is NaN");
    }
  }
  return {std::move(words), values.rows(), values.neurons()};
}

}  // namespace census
