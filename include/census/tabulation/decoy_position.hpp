// SPDX-License-Identifier: MIT
#pragma once

#include <census/splitmix64.hpp>
#include <census/tabulation/token_at.hpp>

#include <cstdint>
#include <optional>

namespace census::key {

/// A position that the neuron cannot know: the positions 1 .. T-1 of each full-length sequence, rotated by an offset of
/// its own (0 .. T-2, hashed from its identity: document and piece). Firings by decoy_position keep every neuron's rate
/// and its bursts, and lose what hangs on position: what mutual information is left is chance. Nothing at position 0
/// and in shorter sequences. The same for all layers and whatever the order of blocks.
struct decoy_position {
  std::optional<std::uint32_t> operator()(token_at at) const {
    sequence const& whole = at.sequence();
    if (!whole.full || at.position() == 0) return std::nullopt;
    std::uint32_t const positions = whole.length - 1;
    return 1 + static_cast<std::uint32_t>((at.position() - 1 + offset(whole, positions)) % positions);
  }

 private:
  static std::uint64_t offset(sequence const& whole, std::uint32_t positions) {
    return bounded(splitmix64(splitmix64(whole.document) ^ whole.piece), positions);
  }
};

}  // namespace census::key
