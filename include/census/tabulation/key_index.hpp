// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key.hpp>
#include <census/tabulation/key_rows.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Row numbers for keys, given out as keys are met: rows exist only for keys that occur.
template <class Key>
class key_index {
 public:
  std::size_t size() const { return rows_.size(); }

  /// The key's row, a new one where the key is new. Throws std::length_error past 2^32 - 2 keys.
  std::uint32_t row_of(Key const& key) { return place_of(key, rows_.lower_bound(key))->second; }

  /// The key's row, not_counted where it has none.
  std::uint32_t find(Key const& key) const {
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
    auto next = rows_.begin();  // of the keys of a text, which come ascending, many lie side by side
    return key_rows(text.tokens.size(), std::move(counted), [&](Key const& one) {
      if (next == rows_.end() || next->first < one || one < next->first) next = rows_.lower_bound(one);
      auto const here = place_of(one, next);
      next = std::next(here);
      return here->second;
    });
  }

 private:
  using place = typename std::map<Key, std::uint32_t>::iterator;

  /// Where the key lies, or is put: `from` is the first place whose key is not before it.
  place place_of(Key const& key, place from) {
    if (from != rows_.end() && !(key < from->first)) return from;
    if (rows_.size() == not_counted) throw std::length_error("census::key_index: more than 2^32 - 2 keys");
    return rows_.try_emplace(from, key, static_cast<std::uint32_t>(rows_.size()));
  }

  std::map<Key, std::uint32_t> rows_;
};

}  // namespace census
