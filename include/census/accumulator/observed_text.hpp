// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Which sequences an accumulator has observed in each layer, so that merging the same data twice is refused. Eight
/// bytes a sequence, however many layers observe the same sequences in the same order.
class observed_text {
 public:
  /// Bytes of memory for so many sequences, from above: a vector may have reserved twice what it holds.
  static std::uint64_t bytes(std::uint64_t sequences) { return 2 * sizeof(std::uint64_t) * sequences; }

  void note(std::uint32_t layer, std::span<std::uint64_t const> fingerprints) {
    auto& runs = runs_[layer];
    std::size_t first = runs.empty() ? 0 : runs.back().end;
    auto const known = after(first).first(std::min(fingerprints.size(), after(first).size()));
    if (!std::equal(fingerprints.begin(), fingerprints.end(), known.begin(), known.end())) {
      first = order_.size();
      order_.insert(order_.end(), fingerprints.begin(), fingerprints.end());
    }
    if (runs.empty() || runs.back().end != first) runs.push_back({first, first});
    runs.back().end += fingerprints.size();
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer.
  void check_disjoint(observed_text const& other) const {
    for (auto const& [layer, runs] : other.runs_) {
      auto mine = of_layer(layer), theirs = other.of_layer(layer);
      auto& fewer = theirs.size() < mine.size() ? theirs : mine;
      auto const& more = &fewer == &theirs ? mine : theirs;
      std::sort(fewer.begin(), fewer.end());
      if (std::ranges::any_of(more, [&](auto one) { return std::binary_search(fewer.begin(), fewer.end(), one); }))
        throw std::invalid_argument("census: both sides of this merge have observed the same sequence (document, "
                                    "piece and tokens) in layer " +
                                    std::to_string(layer) + "; merging would count it twice");
    }
  }

  void merge(observed_text const& other) {
    for (auto const& [layer, runs] : other.runs_)
      for (run const& one : runs) note(layer, std::span(other.order_).subspan(one.first, one.end - one.first));
  }

 private:
  /// Of order_, from first up to but not including end.
  struct run {
    std::size_t first, end;
  };

  std::span<std::uint64_t const> after(std::size_t first) const { return std::span(order_).subspan(first); }

  /// [sequence]; none where the layer has not been observed.
  std::vector<std::uint64_t> of_layer(std::uint32_t layer) const {
    std::vector<std::uint64_t> all;
    if (auto const runs = runs_.find(layer); runs != runs_.end())
      for (run const& one : runs->second) {
        auto const sequences = after(one.first).first(one.end - one.first);
        all.insert(all.end(), sequences.begin(), sequences.end());
      }
    return all;
  }

  std::vector<std::uint64_t> order_;  // as the layer that was first observed it
  std::map<std::uint32_t, std::vector<run>> runs_;
};

}  // namespace census
