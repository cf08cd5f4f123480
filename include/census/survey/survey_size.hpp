// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// The size of a survey of the whole paper, for planning its memory.
struct survey_size {
  std::uint64_t tokens = 0, sequences = 0, documents = 0, distinct_tokens = 0;
  std::uint64_t positions = 0, domains = 0;  ///< positions: of a full sequence
  std::uint64_t neurons = 0, layers = 0;     ///< neurons: of a layer
  std::uint64_t longest_ngram = 1;           ///< 1: no firings are kept
  std::uint64_t threads = 1;
};

}  // namespace census
