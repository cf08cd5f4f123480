// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/key_index.hpp>
#include <census/tabulation/tabulate.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A block for whose firings an engine is in reach: an overload of `tabulate`, census's own or its backend's.
template <class B>
concept countable_block = activation_block<B> &&
    requires(B const& block, std::span<std::uint32_t const> table_row, firing_counts& into) {
  { block.firings().neurons() } -> std::convertible_to<std::size_t>;
  tabulate(block.firings(), table_row, into);
};

/// The one accumulator behind every count: how often each neuron of each layer fired under each key. Keys are resolved
/// once a text, on the host, for all layers; what is left to do for a block is one call of its engine.
///
///     census::firings_by by_digit{[&](census::token_at at) { return has_digit[at.token()]; }};
///     census::survey(source, by_digit);
///     auto information = census::mutual_information(by_digit.table(3));
template <key_function F>
class firings_by {
 public:
  using key_type = key_of<F>;

  firings_by() requires std::default_initializable<F> : firings_by(F{}) {}
  explicit firings_by(F key) : key_(std::make_shared<F const>(std::move(key))) {}

  /// Bytes of memory for one layer in which so many keys occur, over so many tokens and sequences, from above.
  static std::uint64_t bytes(std::uint64_t keys, std::uint64_t tokens, std::uint64_t sequences, std::uint64_t neurons) {
    return firing_counts::bytes(keys, tokens, neurons) + observed_text::bytes(sequences);
  }

  /// Throws as tabulate does; std::invalid_argument where the layer had another number of neurons before.
  template <countable_block B>
  void observe(B const& block) {
    resolve(block.text());
    auto const [layer, is_new] = layers_.try_emplace(block.layer(), block.firings().neurons());
    try {
      tabulate(block.firings(), std::span<std::uint32_t const>(table_row_), layer->second);
    } catch (...) {
      if (is_new) layers_.erase(layer);
      throw;
    }
    observed_.note(block.layer(), fingerprints_);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons; std::overflow_error where a cell could overflow. This is unchanged then.
  void merge(firings_by const& other) {
    observed_.check_disjoint(other.observed_);
    for (auto const& [number, theirs] : other.layers_)
      if (auto const mine = layers_.find(number); mine != layers_.end())
        for (auto const& [key, row] : other.index_.ascending())
          if (row < theirs.rows()) mine->second.check_addable(index_.find(key), theirs, row);
    for (auto const& [number, theirs] : other.layers_) {
      firing_counts& mine = layers_.try_emplace(number, theirs.neurons()).first->second;
      for (auto const& [key, row] : other.index_.ascending())
        if (row < theirs.rows()) mine.add(index_.row_of(key), theirs, row);
    }
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const {
    std::vector<std::uint32_t> numbers;
    for (auto const& [number, counts] : layers_) numbers.push_back(number);
    return numbers;
  }

  /// The census of one layer, a value of its own: what is observed later does not change it. Throws std::out_of_range
  /// for a layer that was never observed.
  firing_table<key_type> table(std::uint32_t layer) const {
    auto const found = layers_.find(layer);
    if (found == layers_.end())
      throw std::out_of_range("census::firings_by: layer " + std::to_string(layer) + " was not observed");
    firing_counts const& counts = found->second;
    std::vector<key_type> keys;
    std::vector<std::uint32_t> rows;
    for (auto const& [key, row] : index_.ascending())
      if (row < counts.rows() && counts.occurrences(row) > 0) {
        keys.push_back(key);
        rows.push_back(row);
      }
    return {std::move(keys), counts.select(rows)};
  }

  friend bool operator==(firings_by const& a, firings_by const& b) {
    if (a.layers() != b.layers()) return false;
    for (std::uint32_t const layer : a.layers())
      if (!(a.table(layer) == b.table(layer))) return false;
    return true;
  }

 private:
  void resolve(shared_text const& text) {
    if (text == resolved_) return;
    table_row_ = index_.resolve(*key_, *text);
    fingerprints_ = fingerprints(*text);
    resolved_ = text;  // held, so that no other text can come to lie at its address
  }

  std::shared_ptr<F const> key_;  // pure, so copies share it; and a lambda could not be assigned
  key_index<key_type> index_;
  std::map<std::uint32_t, firing_counts> layers_;
  observed_text observed_;
  shared_text resolved_;
  std::vector<std::uint32_t> table_row_;     // of the text resolved last [token]
  std::vector<std::uint64_t> fingerprints_;  // of its sequences
};

}  // namespace census
