// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/detail/forward_kernels.hpp>
#include <census/cuda/products.hpp>
#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace census::cuda::detail {

/// How much attention holds at a time; no bit depends on it.
struct attention_memory {
  /// Attention rows (device_text) of queries, keys and values, at least those of the longest sequence.
  std::size_t rows = 8192;
  /// Scores, and as many weights; at least those of one tile of queries. 48 MB in half precision, what an H100's cache
  /// holds; with half as many, surveys of models as small as 125m and 1.3b took 6 % longer there.
  std::size_t scores = std::size_t{8} << 20;
};

/// Causal attention of a slice of a text, in products of tiles: scores of some tiles of queries are made, turned into
/// weights and used before the next ones are, so that no [token, token] matrix of all heads is ever held.
template <product_engine Products>
class attention {
 public:
  attention(std::shared_ptr<device const> on, architecture const& a, Products& products, attention_memory const& memory)
      : on_(std::move(on)), heads_{static_cast<std::uint32_t>(a.heads), static_cast<std::uint32_t>(a.head_size),
                                   static_cast<std::uint32_t>(padded(a.head_size))},
        hidden_(padded(a.hidden_size)), products_(products), sizes_(a, products.precision(), memory),
        queries_(on_, sizes_.part), keys_(on_, sizes_.part), values_(on_, sizes_.part), attended_(on_, sizes_.attended),
        scores_(on_, sizes_.scores), weights_(on_, sizes_.weights), summed_(on_, sizes_.summed),
        totals_(on_, sizes_.totals) {
    clear(attended_);  // columns past the heads stay 0
  }

  static std::uint64_t bytes(architecture const& a, precision p, attention_memory const& memory) {
    sizes const s(a, p, memory);
    return 3 * s.part + s.attended + s.weights + (s.scores + s.summed + s.totals) * sizeof(float);
  }

  /// Before the first row of a slice is taken.
  void begin(device_text::slice const& slice) {
    if (slice.attention_rows > slice.last_row - slice.first_row) clear(values_);  // of padding: 0 times them must be 0
  }

  /// Takes queries, keys and values of rows that lie at `places`: the product `all` [row, 3 hidden], to which the bias
  /// is added.
  void take(float const* all, float const* bias, kernels::row_place const* places, std::size_t rows) {
    launch_on_rows(rows, kernels::warp_threads * heads_.heads, on_->stream(), kernels::split_heads, all, bias, hidden_,
                   heads_, 1 / std::sqrt(static_cast<float>(heads_.size)), places, type(), queries_.data(),
                   keys_.data(), values_.data());
  }

  /// The slice's rows, all taken, attend.
  void run(device_text const& text, device_text::slice const& slice) {
    for (auto const& group : slice.groups) {
      std::size_t const rows = std::min(tile, group.rows);
      for (std::size_t first = 0; first < group.rows; first += rows) {
        std::size_t const pairs = group.sequences * heads_.heads, keys = first + rows;
        std::size_t const at_once = sizes_.pairs_at_once(rows, keys);
        for (std::size_t pair = 0; pair < pairs; pair += at_once)
          attend(text, slice, group, pair, std::min(at_once, pairs - pair), rows, first);
      }
    }
  }

  /// What a row of the slice attended to, counted from its first one, as factors [row, hidden].
  void const* attended(std::size_t row) const { return attended_.data() + row * hidden_ * factor_size(); }

 private:
  static constexpr std::size_t tile = Products::attention_tile;

  /// How large its arrays are: factors in bytes, the others in floats.
  struct sizes {
    std::size_t part, attended, weights, scores, summed, totals;
    std::size_t head_size;

    sizes(architecture const& a, precision p, attention_memory const& memory) : head_size(padded(a.head_size)) {
      std::size_t const rows_in_tiles =
          (memory.rows + Products::row_tile - 1) / Products::row_tile * Products::row_tile;
      part = memory.rows * a.heads * head_size * factor_bytes(p);
      attended = rows_in_tiles * padded(a.hidden_size) * factor_bytes(p);
      scores = std::max(memory.scores, std::min(tile, memory.rows) * memory.rows);
      weights = scores * factor_bytes(p);
      totals = std::max(tile, scores / least_keys);
      summed = std::max(tile * head_size, scores / 4);
    }

    /// Pairs of a sequence and a head whose tiles [rows, keys] are scored at a time.
    std::size_t pairs_at_once(std::size_t rows, std::size_t keys) const {
      return std::min(scores / (rows * keys), summed / (rows * head_size));
    }
  };
  static constexpr std::size_t least_keys = 16;  // of device_text::padded_length

  kernels::factor_type type() const { return factor_type_of(products_.precision()); }
  std::size_t factor_size() const { return factor_bytes(products_.precision()); }

  void clear(device_array<std::byte> const& factors) const {
    check(cudaMemsetAsync(factors.data(), 0, factors.size(), on_->stream()), "cudaMemsetAsync");
  }

  /// A tile of queries of `pairs` pairs of a sequence of the group and a head: the tokens from first_query on.
  void attend(device_text const& text, device_text::slice const& slice, device_text::group const& group,
              std::size_t first_pair, std::size_t pairs, std::size_t rows, std::size_t first_query) {
    std::size_t const head_size = heads_.padded_size, keys = first_query + rows;
    std::size_t const pair = group.rows * head_size;  // factors from one pair to the next
    std::size_t const here = (group.first_row * heads_.heads * head_size + first_pair * pair) * factor_size();
    std::byte const* const queries = queries_.data() + here + first_query * head_size * factor_size();
    kernels::score_tile const scored{static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(first_query),
                                     static_cast<std::uint32_t>(keys)};

    products_.multiply({rows, keys, head_size, head_size, head_size, keys, true, true}, queries, keys_.data() + here,
                       scores_.data(), {pairs, pair, pair, rows * keys}, on_->stream());
    launch_on_queries(pairs * rows, on_->stream(), kernels::causal_softmax, scores_.data(), scored, type(),
                      weights_.data(), totals_.data());
    products_.multiply({rows, head_size, keys, keys, head_size, head_size, false, true}, weights_.data(),
                       values_.data() + here, summed_.data(), {pairs, rows * keys, pair, rows * head_size},
                       on_->stream());
    launch_on_queries(pairs * rows, on_->stream(), kernels::merge_heads, summed_.data(), totals_.data(), scored,
                      first_pair, group.rows, text.attention_rows() + slice.first_attention_row + group.first_row,
                      slice.first_row, heads_, hidden_, type(), attended_.data());
  }

  std::shared_ptr<device const> on_;
  kernels::head_shape heads_;
  std::size_t hidden_;
  Products& products_;
  sizes sizes_;
  device_array<std::byte> queries_, keys_, values_;  // [sequence, head, row of the sequence, head_size] factors
  device_array<std::byte> attended_;                 // [row, hidden] factors
  device_array<float> scores_;                       // [query, keys]
  device_array<std::byte> weights_;                  // [query, keys] factors
  device_array<float> summed_, totals_;              // [query, head_size], [query]
};

}  // namespace census::cuda::detail
