// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/device_array.hpp>

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census::cuda::detail {

/// How attention takes the sequences of a text, as a device reads it: made once a text, for all layers.
class device_text {
 public:
  /// Sequences that attention takes together: they are padded to the same number of rows. attention_rows()[first_row +
  /// i · rows + p] is the text's row of the i-th sequence's token p.
  struct group {
    std::size_t sequences, rows, first_row;
  };
  /// Neighbouring sequences, the text's rows first_row up to last_row, that attention takes before the next ones.
  struct slice {
    std::size_t first_row, last_row;
    std::vector<group> groups;
  };

  /// Uploads on the stream, and waits for that. `most_rows`: padded rows of a slice, at least those of the longest
  /// sequence. Throws std::invalid_argument where a sequence is longer than that.
  device_text(shared_text text, std::size_t attention_tile, std::size_t most_rows, cudaStream_t stream);

  /// Rows that a sequence of so many tokens takes, padding included: a power of two from 16 on, or a multiple of
  /// `attention_tile`.
  static std::size_t padded_length(std::size_t length, std::size_t attention_tile);

  shared_text const& text() const;
  std::size_t rows() const;
  std::span<slice const> slices() const;
  std::uint32_t const* attention_rows() const;
};

}  // namespace census::cuda::detail
