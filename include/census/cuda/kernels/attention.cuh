// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/as_float.cuh>
#include <census/cuda/kernels/factor.cuh>
#include <census/cuda/kernels/forward_types.cuh>
#include <census/cuda/kernels/platform.cuh>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace census::cuda::kernels {

/// Queries, keys and values of a row of the product `all` [row, 3 width], its bias added, as factors at the row's
/// place: a sequence's rows lie [head, padded_length, padded_size], at (sequence_start · heads) rows of padded_size.
/// Queries are scaled after the bias. One block a row.
__global__ void __launch_bounds__(row_threads)
    split_heads(float const* all, float const* bias, std::uint32_t width, head_shape shape, float query_scale,
                row_place const* places, factor_type type, void* queries, void* keys, void* values) {
  row_place const place = places[blockIdx.x];
  float const* const row = all + std::size_t{blockIdx.x} * 3 * width;
  void* const parts[3] = {queries, keys, values};
  for (std::uint32_t which = 0; which < 3; ++which)
    as_factors(type, parts[which], [&](auto* into) {
      float const scale = which == 0 ? query_scale : 1.f;
      for (std::uint32_t h = threadIdx.x / warp_threads; h < shape.heads; h += blockDim.x / warp_threads) {
        std::size_t const from = std::size_t{which} * width + h * shape.size;
        std::size_t const to =
            std::size_t{place.sequence_start} * shape.heads + std::size_t{h} * place.padded_length + place.position;
        for (std::uint32_t j = threadIdx.x % warp_threads; j < shape.padded_size; j += warp_threads)
          store(into[to * shape.padded_size + j], j < shape.size ? (row[from + j] + bias[from + j]) * scale : 0.f);
      }
    });
}

/// e^(score − the largest) of one query's scores, of which the first `visible` count, as factors weights [keys]; the
/// others become 0. Gives the sum of the factors to each lane. One warp; NaN stays NaN.
template <class T>
__device__ float exponentials(float const* scores, std::uint32_t visible, std::uint32_t keys, T* weights) {
  std::uint32_t const lane = threadIdx.x % warp_threads;
  float largest = -INFINITY;
  for (std::uint32_t j = lane; j < visible; j += warp_threads) largest = fmaxf(largest, scores[j]);
  for (unsigned distance = 16; distance > 0; distance /= 2)
    largest = fmaxf(largest, __shfl_xor_sync(whole_warp, largest, distance));
  float total = 0;
  for (std::uint32_t j = lane; j < keys; j += warp_threads) {
    T const weight = factor<T>::from(j < visible ? expf(scores[j] - largest) : 0.f);
    weights[j] = weight;
    total += as_float(weight);
  }
  for (unsigned distance = 16; distance > 0; distance /= 2) total += __shfl_xor_sync(whole_warp, total, distance);
  return total;
}

/// The query of this warp's, where each warp of a grid takes one: blocks are full.
__device__ __forceinline__ std::size_t query_of_warp() {
  return std::size_t{blockIdx.x} * (query_threads / warp_threads) + threadIdx.x / warp_threads;
}

/// Causal softmax without its division: weights [query, keys] as factors and totals [query] of scores [query, keys]; a
/// query sees its own token and those before. One warp a query.
__global__ void __launch_bounds__(query_threads)
    causal_softmax(float const* scores, score_tile tile, factor_type type, void* weights, float* totals) {
  std::size_t const query = query_of_warp();
  std::uint32_t const visible = tile.first_query + static_cast<std::uint32_t>(query % tile.rows) + 1;
  as_factors(type, weights, [&](auto* into) {
    float const total = exponentials(scores + query * tile.keys, visible, tile.keys, into + query * tile.keys);
    if (threadIdx.x % warp_threads == 0) totals[query] = total;
  });
}

/// attended [text's row − first_row, width] = summed / total, head by head, as factors; columns past the heads are let
/// be. `summed` [query, padded_size] are the tile's weighted sums of values, of pair `first_pair` of the group and
/// those after, a sequence's heads one after the other. `rows` [sequence of the group, length] are the text's rows,
/// no_row where there is padding. One warp a query.
__global__ void __launch_bounds__(query_threads)
    merge_heads(float const* summed, float const* totals, score_tile tile, std::uint32_t first_pair,
                std::uint32_t length, std::uint32_t const* rows, std::uint32_t first_row, head_shape shape,
                std::uint32_t width, factor_type type, void* attended) {
  std::size_t const query = query_of_warp();
  std::size_t const pair = first_pair + query / tile.rows;
  std::uint32_t const row = rows[pair / shape.heads * length + tile.first_query + query % tile.rows];
  if (row == no_row) return;
  float const* const from = summed + query * shape.padded_size;
  std::size_t const first = std::size_t{row - first_row} * width + pair % shape.heads * shape.size;
  float const total = totals[query];
  as_factors(type, attended, [&](auto* into) {
    for (std::uint32_t j = threadIdx.x % warp_threads; j < shape.size; j += warp_threads)
      store(into[first + j], from[j] / total);
  });
}

}  // namespace census::cuda::kernels
