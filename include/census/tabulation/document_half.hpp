// SPDX-License-Identifier: MIT
#pragma once

#include <census/splitmix64.hpp>
#include <census/tabulation/token_at.hpp>

#include <cstdint>

namespace census::key {

/// One of two halves of the documents, 0 or 1, drawn by a hash of the document's number: what is found in one half can
/// be tested on the other. By hash and not by parity, since a corpus may take its documents from its domains in turn.
struct document_half {
  std::uint8_t operator()(token_at at) const { return static_cast<std::uint8_t>(splitmix64(~at.document()) >> 63); }
};

}  // namespace census::key
