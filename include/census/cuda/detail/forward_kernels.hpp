// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/launch.hpp>
#include <census/cuda/kernels/forward_types.cuh>

#include <cuda_runtime.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// The kernels of the forward pass as the host sees them: what launch() takes the address of. Each is explained where it
// is defined, in the .cuh file that is named above it.

namespace census::cuda::kernels {

// embed.cuh
void embed(float const* tokens, std::uint32_t const* number_of_token, float const* positions, row_place const* places,
           std::uint32_t width, float* residual);

// norm.cuh
void norm(float const* x, float const* gain, float const* bias, float epsilon, std::uint32_t columns,
          std::uint32_t width, factor_type type, void* into);
void round_to_factors(float const* x, std::uint32_t width, factor_type type, void* into);

// attention.cuh
void split_heads(float const* all, float const* bias, std::uint32_t width, head_shape shape, float query_scale,
                 row_place const* places, factor_type type, void* queries, void* keys, void* values);
void causal_softmax(float const* scores, score_tile tile, factor_type type, void* weights, float* totals);
void merge_heads(float const* summed, float const* totals, score_tile tile, std::uint32_t first_pair,
                 std::uint32_t length, std::uint32_t const* rows, std::uint32_t first_row, head_shape shape,
                 std::uint32_t width, factor_type type, void* attended);

// update.cuh
void add_update(float const* update, float const* bias, std::uint32_t width, float* residual);

// activation.cuh
void activate_and_pack(float const* product, float const* bias, activation f, float threshold, std::uint32_t neurons,
                       std::uint32_t width, std::uint32_t words, std::size_t first_row, activation_outputs into);

}  // namespace census::cuda::kernels

namespace census::cuda::detail {

/// Puts a kernel that takes a row a block into a stream: a thread a column, as whole warps, as far as blocks reach.
template <class... Parameters>
void launch_on_rows(std::size_t rows, std::size_t columns, cudaStream_t stream, void (*kernel)(Parameters...),
                    std::type_identity_t<Parameters>... arguments) {
  constexpr std::size_t warp = kernels::warp_threads;
  std::size_t const threads = std::min<std::size_t>((columns + warp - 1) / warp * warp, kernels::row_threads);
  launch(kernel, dim3(static_cast<unsigned>(rows)), dim3(static_cast<unsigned>(threads)), stream, arguments...);
}

/// The same of a kernel that takes a query a warp. There are multiples of 16 of them (device_text), so that blocks are
/// full.
template <class... Parameters>
void launch_on_queries(std::size_t queries, cudaStream_t stream, void (*kernel)(Parameters...),
                       std::type_identity_t<Parameters>... arguments) {
  constexpr std::size_t of_block = kernels::query_threads / kernels::warp_threads;
  launch(kernel, dim3(static_cast<unsigned>(queries / of_block)), dim3(kernels::query_threads), stream, arguments...);
}

}  // namespace census::cuda::detail
