// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>
#include <census/model/opt/model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace census::opt {

/// What running a model layer by layer over a text will hold, in bytes: an estimate from above, made before it starts.
struct memory_need {
  std::uint64_t weights = 0;    ///< the mapped files, the embedding and one layer in float32
  std::uint64_t residuals = 0;  ///< the residual streams of the whole text, and its token ids
  std::uint64_t working = 0;    ///< of the threads, and the block at hand

  std::uint64_t total() const { return weights + residuals + working; }
};

/// The need of `layers(model, text)` with keep_values off, for `tokens` tokens in sequences of at most `context`.
inline memory_need layers_memory(model const& m, std::uint64_t tokens, std::size_t context, std::size_t rows_per_block,
                                 std::size_t threads) {
  config const& c = m.config();
  std::uint64_t const hidden = padded(c.hidden_size), ffn = padded(c.ffn_size);
  std::uint64_t const block_rows = std::max<std::uint64_t>(rows_per_block, context);
  memory_need need;
  for (auto const& file : m.weights().files().files()) need.weights += file.bytes().size();
  need.weights += 4 * (c.vocabulary_size * hidden + 4 * hidden * hidden + 2 * hidden * ffn + ffn + 9 * hidden);
  need.residuals = 4 * tokens * hidden + 8 * tokens;
  need.working = threads * 4 * context * (ffn + 6 * hidden + 128) + 2 * block_rows * (ffn / 8 + 16);
  return need;
}

}  // namespace census::opt
