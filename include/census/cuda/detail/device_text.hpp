// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/error.hpp>
#include <census/cuda/kernels/forward_types.cuh>

#include <cuda_runtime.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// How attention takes the sequences of a text, as a device reads it: made once a text, for all layers. Attention has
/// rows of its own: a sequence is padded to a length that many sequences share, and those of one length lie together.
class device_text {
 public:
  /// Sequences of the same padded length, `rows` each, from the slice's attention row `first_row` on.
  struct group {
    std::size_t sequences, rows, first_row;
  };
  /// Neighbouring sequences, the text's rows first_row ... last_row − 1, that attention takes before the next ones; the
  /// text's attention rows from `first_attention_row` on are theirs.
  struct slice {
    std::size_t first_row, last_row, first_attention_row, attention_rows;
    std::vector<group> groups;
  };

  /// Uploads in a stream, and waits for it: not the one that computes, then. A slice has at most `most_rows` attention
  /// rows. Throws std::invalid_argument where a sequence alone takes more. Precondition: the device is the current one.
  device_text(std::shared_ptr<device const> const& on, shared_text text, std::size_t attention_tile,
              std::size_t most_rows, cudaStream_t upload)
      : text_(std::move(text)) {
    std::vector<kernels::row_place> places(text_->tokens.size());
    std::vector<std::uint32_t> attention_rows;
    auto const& sequences = text_->sequences;
    for (std::size_t first = 0, last = 0; first < sequences.size(); first = last) {
      std::size_t taken = 0;
      for (; last < sequences.size(); ++last) {
        std::size_t const rows = padded_length(sequences[last].length, attention_tile);
        if (rows > most_rows)
          throw std::invalid_argument("census::cuda: a sequence takes " + std::to_string(rows) +
                                      " rows of attention, and there is place for " + std::to_string(most_rows));
        if (taken + rows > most_rows) break;
        taken += rows;
      }
      add_slice(std::span(sequences).subspan(first, last - first), attention_tile, places, attention_rows);
    }
    wait_at_the_end copies(upload);
    places_ = sent<kernels::row_place>(on, places, upload);
    attention_rows_ = sent<std::uint32_t>(on, attention_rows, upload);
    wait_for(upload);
    copies.not_needed();
  }

  /// Attention rows of a sequence of so many tokens: a power of two from 16 on, or a multiple of the tile.
  static std::size_t padded_length(std::size_t length, std::size_t attention_tile) {
    if (length > attention_tile) return (length + attention_tile - 1) / attention_tile * attention_tile;
    return std::bit_ceil(std::max<std::size_t>(length, 16));
  }

  shared_text const& text() const { return text_; }
  std::size_t rows() const { return text_->tokens.size(); }
  std::span<slice const> slices() const { return slices_; }

  /// On the device: where attention has each of the text's rows; and the text's row, or no_row, of each attention row,
  /// slice after slice.
  kernels::row_place const* places() const { return places_.data(); }
  std::uint32_t const* attention_rows() const { return attention_rows_.data(); }

 private:
  void add_slice(std::span<sequence const> sequences, std::size_t attention_tile,
                 std::vector<kernels::row_place>& places, std::vector<std::uint32_t>& attention_rows) {
    slice& made = slices_.emplace_back();
    made.first_row = sequences.front().first_row;
    made.last_row = sequences.back().first_row + sequences.back().length;
    made.first_attention_row = attention_rows.size();

    std::map<std::size_t, std::vector<sequence>> by_length;
    for (sequence const& s : sequences) by_length[padded_length(s.length, attention_tile)].push_back(s);
    std::size_t taken = 0;
    for (auto const& [length, alike] : by_length) {
      made.groups.push_back({alike.size(), length, taken});
      for (sequence const& s : alike) {
        for (std::uint32_t p = 0; p < s.length; ++p) {
          places[s.first_row + p] = {static_cast<std::uint32_t>(taken), static_cast<std::uint32_t>(length), p};
          attention_rows.push_back(s.first_row + p);
        }
        attention_rows.insert(attention_rows.end(), length - s.length, kernels::no_row);
        taken += length;
      }
    }
    made.attention_rows = taken;
  }

  template <class T>
  static device_array<T> sent(std::shared_ptr<device const> const& on, std::vector<T> const& from,
                              cudaStream_t stream) {
    device_array<T> into(on, from.size(), stream);
    check(cudaMemcpyAsync(into.data(), from.data(), from.size() * sizeof(T), cudaMemcpyHostToDevice, stream),
          "cudaMemcpyAsync");
    return into;
  }

  shared_text text_;
  std::vector<slice> slices_;
  device_array<kernels::row_place> places_;
  device_array<std::uint32_t> attention_rows_;
};

}  // namespace census::cuda::detail
