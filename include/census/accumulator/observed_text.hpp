// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// The fingerprint of one sequence: a 64-bit hash (FNV-1a by words, finished as in MurmurHash3) of its document, its
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

/// Which sequences an accumulator has observed in each layer, so that merging the same data twice is refused.
class observed_text {
 public:
  void note(std::uint32_t layer, std::span<std::uint64_t const> fingerprints) {
    seen_[layer].insert(fingerprints.begin(), fingerprints.end());
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer.
  void check_disjoint(observed_text const& other) const {
    for (auto const& [layer, theirs] : other.seen_) {
      auto const mine = seen_.find(layer);
      if (mine == seen_.end()) continue;
      for (std::uint64_t const sequence : theirs)
        if (mine->second.contains(sequence))
          throw std::invalid_argument("census: both sides of this merge have observed the same sequence (document, "
                                      "piece and tokens) in layer " +
                                      std::to_string(layer) + "; merging would count it twice");
    }
  }

  void merge(observed_text const& other) {
    for (auto const& [layer, theirs] : other.seen_) seen_[layer].insert(theirs.begin(), theirs.end());
  }

 private:
  std::map<std::uint32_t, std::set<std::uint64_t>> seen_;
};

}  // namespace census
