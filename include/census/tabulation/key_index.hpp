// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key.hpp>
#include <census/tabulation/key_rows.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Row numbers for keys, given out as keys are met: rows exist only for keys that occur. Those of small numbers, as
/// tokens and positions are, also lie in an array of at most 1 MiB.
template <class Key>
class key_index {
 public:
  std::size_t size() const { return rows_.size(); }

  /// The key's row, a new one where the key is new. Throws std::length_error past 2^32 - 2 keys.
  std::uint32_t row_of(Key const& key) {
    if (std::uint32_t const known = known_row(key); known != not_counted) return known;
    if (rows_.size() == not_counted) throw std::length_error("census::key_index: more than 2^32 - 2 keys");
    std::uint32_t const row = rows_.try_emplace(key, static_cast<std::uint32_t>(rows_.size())).first->second;
    if constexpr (is_number)
      if (std::size_t{key} < most_direct) {
        if (key >= direct_.size()) direct_.resize(std::size_t{key} + 1, not_counted);
        direct_[key] = row;
      }
    return row;
  }

  /// The key's row, not_counted where it has none.
  std::uint32_t find(Key const& key) const {
    if (std::uint32_t const known = known_row(key); known != not_counted) return known;
    auto const found = rows_.find(key);
    return found == rows_.end() ? not_counted : found->second;
  }

  /// Keys with their rows, ascending by key.
  std::map<Key, std::uint32_t> const& ascending() const { return rows_; }

  /// Asks a key function about every row of a text, in order; rows where it gives nothing are not counted. Throws
  /// std::invalid_argument where a key is unequal to itself, and what the key throws.
  template <key_function F>
  requires std::same_as<key_of<F>, Key> key_rows resolve(F const& key, text_rows const& text) {
    std::vector<std::pair<Key, std::uint32_t>> counted;
    counted.reserve(text.tokens.size());
    auto walker = detail::walker_of(key);
    for (sequence const& sequence : text.sequences)
      for (std::uint32_t row = sequence.first_row; row < sequence.first_row + sequence.length; ++row)
        if (std::optional<Key> here = walker(token_at(text, sequence, row))) {
          if (!(*here == *here))
            throw std::invalid_argument("census::key_index: a key is unequal to itself, as NaN is");
          counted.emplace_back(std::move(*here), row);
        }
    return key_rows(text.tokens.size(), std::move(counted), [this](Key const& one) { return row_of(one); });
  }

 private:
  static constexpr bool is_number = std::unsigned_integral<Key>;
  static constexpr std::size_t most_direct = std::size_t{1} << 18;

  std::uint32_t known_row(Key const& key) const {
    if constexpr (is_number)
      if (std::size_t{key} < direct_.size()) return direct_[key];
    return not_counted;
  }

  std::map<Key, std::uint32_t> rows_;
  std::vector<std::uint32_t> direct_;  // [key] the row, not_counted where it has none or lies in rows_ alone
};

}  // namespace census
