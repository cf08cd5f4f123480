// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// The fingerprint of one sequence: a 64-bit hash (word by word, finished as in MurmurHash3) of its document, its
/// piece and its tokens.
inline std::uint64_t fingerprint(text_rows const& text, sequence const& sequence) {
  std::uint64_t hash = 0xcbf29ce484222325;
  auto const take = [&](std::uint64_t word) { hash = (hash ^ word) * 0x9e3779b97f4a7c15, hash ^= hash >> 29; };
  take(sequence.document);
  take(sequence.piece);
  for (token_id const token : std::span(text.tokens).subspan(sequence.first_row, sequence.length)) take(token);
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

/// The fingerprints of a text's sequences [sequence].
inline std::vector<std::uint64_t> fingerprints(text_rows const& text) {
  std::vector<std::uint64_t> all;
  all.reserve(text.sequences.size());
  for (sequence const& sequence : text.sequences) all.push_back(fingerprint(text, sequence));
  return all;
}

/// The fingerprints of the sequences of all texts, ascending.
inline std::vector<std::uint64_t> sorted_fingerprints(text_list const& texts) {
  std::vector<std::uint64_t> all;
  for (shared_text const& text : texts) {
    auto const some = fingerprints(*text);
    all.insert(all.end(), some.begin(), some.end());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace census
