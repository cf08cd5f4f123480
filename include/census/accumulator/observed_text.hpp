// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <string>

namespace census {

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
