// SPDX-License-Identifier: MIT
#pragma once

#include <census/tabulation/key.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// The row of a token that no key counts.
inline constexpr std::uint32_t not_counted = ~std::uint32_t{0};

/// Row numbers for keys, given out as keys are met: rows exist only for keys that occur.
template <class Key>
class key_index {
 public:
  std::size_t size() const { return rows_.size(); }

  /// The key's row, a new one where the key is new. Throws std::length_error past 2^32 - 2 keys.
  std::uint32_t row_of(Key const& key) {
    if (rows_.size() == not_counted) throw std::length_error("census::key_index: more than 2^32 - 2 keys");
    return rows_.try_emplace(key, static_cast<std::uint32_t>(rows_.size())).first->second;
  }

  /// The key's row, not_counted where it has none.
  std::uint32_t find(Key const& key) const {
    auto const found = rows_.find(key);
    return found == rows_.end() ? not_counted : found->second;
  }

  /// Keys with their rows, ascending by key.
  std::map<Key, std::uint32_t> const& ascending() const { return rows_; }

  /// The row of each token of a text [row], not_counted where its key is nothing. Each distinct key is looked up once.
  template <key_function F>
  requires std::same_as<key_of<F>, Key> std::vector<std::uint32_t> resolve(F const& key, text_rows const& text) {
    std::vector<std::uint32_t> table_row(text.tokens.size(), not_counted);
    std::vector<std::pair<Key, std::uint32_t>> found;
    found.reserve(text.tokens.size());
    for (sequence const& sequence : text.sequences)
      for (std::uint32_t row = sequence.first_row; row < sequence.first_row + sequence.length; ++row)
        if (std::optional<Key> here = key(token_at(text, sequence, row))) {
          if (!(*here == *here))
            throw std::invalid_argument("census::key_index: a key is unequal to itself, as NaN is");
          found.emplace_back(std::move(*here), row);
        }
    std::sort(found.begin(), found.end());
    for (std::size_t i = 0; i < found.size(); ++i) {
      bool const same = i > 0 && found[i].first == found[i - 1].first;
      table_row[found[i].second] = same ? table_row[found[i - 1].second] : row_of(found[i].first);
    }
    return table_row;
  }

 private:
  std::map<Key, std::uint32_t> rows_;
};

}  // namespace census
