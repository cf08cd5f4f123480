// SPDX-License-Identifier: MIT
// Sequences of random tokens, and texts made of them.
#pragma once

#include <census/activation/text_rows.hpp>

#include <cstddef>
#include <random>
#include <span>
#include <vector>

using tokens = std::vector<census::token_id>;

/// BOS and tokens that depend on the length alone.
inline tokens random_sequence(std::size_t length, std::size_t vocabulary) {
  std::mt19937 random(static_cast<std::uint32_t>(length));
  tokens ids{2};
  while (ids.size() < length) ids.push_back(static_cast<census::token_id>(random() % vocabulary));
  return ids;
}

inline census::shared_text text_of(std::vector<tokens> const& sequences) {
  census::text_rows text;
  for (auto const& ids : sequences) {
    text.sequences.push_back({.document = text.sequences.size(),
                              .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                              .length = static_cast<std::uint32_t>(ids.size())});
    text.tokens.insert(text.tokens.end(), ids.begin(), ids.end());
  }
  return census::share(std::move(text));
}
