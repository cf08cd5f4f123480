// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// How often a neuron fired at one key.
struct key_firings {
  std::uint32_t row;          ///< the key's row in the table, or the number of an n-gram
  std::uint32_t firings;      ///< of the neuron at the key
  std::uint64_t occurrences;  ///< of the key

  template <class Archive>
  void serialize(Archive& archive) {
    archive("row", row)("firings", firings)("occurrences", occurrences);
  }
  friend bool operator==(key_firings const&, key_firings const&) = default;
};

}  // namespace census
