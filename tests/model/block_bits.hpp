// SPDX-License-Identifier: MIT
// What a source yields, bit for bit.
#pragma once

#include <census/activation/block.hpp>

#include "sequences.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

inline std::vector<census::shared_text> three_texts() {
  return {text_of({random_sequence(5, 50), random_sequence(16, 50)}), text_of({random_sequence(1, 50)}),
          text_of({random_sequence(9, 50)})};
}

/// All bits of a layer's firings, and of its values where there are any, in the order of the texts.
using bits = std::vector<std::uint64_t>;
inline void append(bits& to, census::block const& block) {
  for (std::size_t i = 0; i < block.firings().rows(); ++i) {
    std::ranges::copy(block.firings().row(i), std::back_inserter(to));
    if (!block.values().empty())
      for (float const v : block.values().row(i)) to.push_back(std::bit_cast<std::uint32_t>(v));
  }
}
template <class Source>
std::map<std::uint32_t, bits> bits_by_layer(Source&& source) {
  std::map<std::uint32_t, bits> all;
  for (census::block const& block : source) append(all[block.layer()], block);
  return all;
}
