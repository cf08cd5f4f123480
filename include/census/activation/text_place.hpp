// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>

namespace census {

/// A token of a corpus, by the name of its sequence and its position there.
struct text_place {
  std::uint64_t document = 0;
  std::uint32_t piece = 0, position = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("document", document)("piece", piece)("position", position);
  }
  friend auto operator<=>(text_place const&, text_place const&) = default;
};

}  // namespace census
