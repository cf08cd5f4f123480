// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/archive/storable.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/key_function.hpp>
#include <census/tabulation/key_index.hpp>
#include <census/tabulation/key_rows.hpp>
#include <census/tabulation/tabulate.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// A block for whose firings an engine is in reach: an overload of `tabulate`, census's own or its backend's.
template <class B>
concept countable_block = activation_block<B> && requires(B const& block, key_rows const& rows, firing_counts& into) {
  { block.firings() } -> shaped_firings;
  tabulate(block.firings(), rows, into);
};

/// The one accumulator behind every count: how often each neuron of each layer fired under each key. Keys are resolved
/// once a text, on the host, for all layers; what is left to do for a block is one call of its engine.
///
///     census::firings_by by_digit{[&](census::token_at at) { return has_digit[at.token()]; }};
///     census::survey(source, by_digit);
///     auto information = census::mutual_information(by_digit.table(3));
template <class F>
class firings_by {
  static_assert(detail::require_key_function<F>() || true);  // which says why F is none

 public:  // so much that its use adds no errors to this one
  firings_by() = default;
  explicit firings_by(F) {}
  template <class B>
  void observe(B const&) {}
  void merge(firings_by const&) {}
  firing_table<std::monostate> table(std::uint32_t) const { return {}; }
};

template <key_function F>
class firings_by<F> {
 public:
  using key_type = key_of<F>;

  firings_by() requires std::default_initializable<F> : firings_by(F{}) {}
  explicit firings_by(F key) : key_(std::make_shared<F const>(std::move(key))) {}

  /// Bytes of memory for one layer in which so many keys occur, over so many tokens and sequences, from above.
  static std::uint64_t bytes(std::uint64_t keys, std::uint64_t tokens, std::uint64_t sequences, std::uint64_t neurons) {
    return firing_counts::bytes(keys, tokens, neurons) + observed_text::bytes(sequences);
  }

  /// Throws as tabulate does; std::invalid_argument where the layer had another number of neurons before, or has
  /// observed a sequence of the block already. This is unchanged then.
  template <countable_block B>
  void observe(B const& block) {
    require_rows(block, "census::firings_by");
    resolve(block.text());
    observed_.check_new(block.layer(), *block.text(), fingerprints_);
    layers_.update(block.layer(), block.firings().neurons(),
                   [&](firing_counts& counts) { tabulate(block.firings(), rows_, counts); });
    observed_.note(block.layer(), fingerprints_);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons; std::overflow_error where a cell could overflow; what a backend throws whose counts do
  /// not come home. This is unchanged then.
  void merge(firings_by const& other) {
    observed_.check_disjoint(other.observed_);
    auto const theirs = other.at_home();
    for (std::uint32_t const layer : theirs.layers()) {
      layers_.check(layer, theirs.at(layer).neurons());
      if (firing_counts const* const mine = layers_.find(layer))
        other.for_each_key(theirs.at(layer), [&](key_type const& key, std::uint32_t row) {
          mine->check_addable(index_.find(key), theirs.at(layer), row);
        });
    }
    layers_.merge(theirs, [&](firing_counts& mine, firing_counts const& counts) {
      other.for_each_key(counts,
                         [&](key_type const& key, std::uint32_t row) { mine.add(index_.row_of(key), counts, row); });
    });
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The census of one layer, a value of its own and at home: what is observed later does not change it. Throws
  /// std::out_of_range for a layer that was never observed.
  firing_table<key_type> table(std::uint32_t layer) const { return table_of(index_, layers_.at(layer)); }

  /// The fingerprints of the sequences observed in a layer (activation/fingerprint.hpp).
  std::vector<std::uint64_t> sequences(std::uint32_t layer) const { return observed_.in_layer(layer); }

  /// Stores each layer's table, and restores them into an accumulator of the same key, where keys can be stored. The
  /// key function itself is not stored: nobody can tell whether two are alike.
  template <class Archive>
  requires(storable<key_type>) void serialize(Archive& archive) {
    archive("observed", observed_);
    std::map<std::uint32_t, firing_table<key_type>> tables;
    if constexpr (!Archive::is_reading)
      for (std::uint32_t const layer : layers()) tables.emplace(layer, table(layer));
    archive("tables", tables);
    if constexpr (Archive::is_reading)
      for (auto const& [layer, table] : tables)
        layers_.update(layer, table.neurons(), [&, &table = table](firing_counts& counts) {
          for (std::size_t row = 0; row < table.rows(); ++row) counts.add(index_.row_of(table.keys[row]), table, row);
        });
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
    auto rows = index_.resolve(*key_, *text);
    fingerprints_ = fingerprints(*text);
    rows_ = std::move(rows);
    resolved_ = text;  // held, so that no other text can come to lie at its address
  }

  /// Calls visit(key, row) for each key that occurred in a layer, ascending by key.
  template <class Visit>
  void for_each_key(firing_counts const& counts, Visit&& visit) const {
    for (auto const& [key, row] : index_.ascending())
      if (row < counts.rows() && counts.occurrences(row) > 0) visit(key, row);
  }

  /// The counts of all layers, brought from wherever they lie.
  per_layer<firing_counts> at_home() const {
    per_layer<firing_counts> home{"firings_by"};
    home.merge(layers_, [](firing_counts& here, firing_counts const& counts) { here = counts.at_home(); });
    return home;
  }

  std::shared_ptr<F const> key_;  // pure, so copies share it; and a lambda could not be assigned
  key_index<key_type> index_;
  per_layer<firing_counts> layers_{"firings_by"};
  observed_text observed_;
  shared_text resolved_;
  key_rows rows_;                            // of the text resolved last
  std::vector<std::uint64_t> fingerprints_;  // of its sequences
};

}  // namespace census
