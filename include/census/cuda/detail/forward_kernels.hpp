// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/kernels/forward_types.cuh>

#include <cstddef>
#include <cstdint>

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
