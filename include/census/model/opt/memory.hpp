// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace census::opt {

/// What running a model layer by layer over a text will hold, in bytes: an estimate from above, made before it starts.
struct memory_need {
  std::uint64_t weights = 0;    ///< the mapped file, and one layer in float32
  std::uint64_t residuals = 0;  ///< the residual streams of the whole text
  std::uint64_t working = 0;    ///< of the threads, and the block at hand
};

/// The need of `layers(model, text)` with keep_values off, for `tokens` tokens in sequences of at most `context`.
inline memory_need layers_memory(config const& c, std::uint64_t stored_weights, std::uint64_t tokens, std::size_t context,
                                 std::size_t rows_per_block, std::size_t threads) {
  std::uint64_t const hidden = padded(c.hidden_size), ffn = padded(c.ffn_size);
  std::uint64_t const block_rows = std::max<std::uint64_t>(rows_per_block, context);
  memory_need need;
  need.weights = stored_weights + 4 * (4 * hidden * hidden + 2 * hidden * ffn + ffn + 9 * hidden);
  need.residuals = 4 * tokens * hidden + 16 * tokens;  // and the token ids: of the corpus, and of its texts
  need.working = threads * 4 * context * (ffn + 6 * hidden + 128) + 2 * block_rows * (ffn / 8 + 16);
  return need;
}

}  // namespace census::opt
