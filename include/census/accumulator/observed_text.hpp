// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Which sequences an accumulator has observed in each layer, so that merging the same data twice is refused. Eight
/// bytes a sequence and layer; they are put in order only where two are merged.
class observed_text {
 public:
  void note(std::uint32_t layer, std::span<std::uint64_t const> fingerprints) {
    auto& seen = seen_[layer];
    seen.insert(seen.end(), fingerprints.begin(), fingerprints.end());
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer.
  void check_disjoint(observed_text const& other) const {
    for (auto const& [layer, theirs] : other.seen_) {
      auto const mine = seen_.find(layer);
      if (mine == seen_.end()) continue;
      auto const& fewer = theirs.size() < mine->second.size() ? theirs : mine->second;
      auto const& more = &fewer == &theirs ? mine->second : theirs;
      auto ordered = fewer;
      std::ranges::sort(ordered);
      if (std::ranges::any_of(more, [&](std::uint64_t one) { return std::ranges::binary_search(ordered, one); }))
        throw std::invalid_argument("census: both sides of this merge have observed the same sequence (document, "
                                    "piece and tokens) in layer " +
                                    std::to_string(layer) + "; merging would count it twice");
    }
  }

  void merge(observed_text const& other) {
    for (auto const& [layer, theirs] : other.seen_) note(layer, theirs);
  }

 private:
  std::map<std::uint32_t, std::vector<std::uint64_t>> seen_;
};

}  // namespace census
