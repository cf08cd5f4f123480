// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/detail/float_vector.hpp>
#include <census/model/matrix.hpp>
#include <census/model/product.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace census {

/// Queries are taken in tiles of so many rows, counted from the sequence's start: only keys up to the tile's end are
/// touched. A tile's scores stay in the cache; smaller tiles pack the keys more often.
inline constexpr std::size_t attention_tile = 96;

namespace detail {

/// Puts e^(score − largest) in place of `count` scores, a multiple of 16 on a boundary of 64 bytes, and gives their
/// sum. Within two units in the last place for scores from `largest` − 86 on; below, it is e^−86, which is nothing
/// beside the 1 of the largest, and no denormal. NaN stays NaN.
inline float exponentials(float* scores, std::size_t count, float largest) {
  using int_vector = std::int32_t __attribute__((vector_size(sizeof(float_vector))));
  constexpr float log2_e = 1.44269504089f, ln_2_high = 0.693359375f, ln_2_low = -2.12194440e-4f;
  constexpr float round = 12582912.f;  // 1.5 · 2^23: what is added to it is rounded to an integer in its last bits
  float_vector sum{};
  for (float* at = scores; at < scores + count; at += vector_floats) {
    float_vector x;
    load_vector(at, x);
    x -= largest;
    x = x < -86.f ? float_vector{} - 86.f : x;
    float_vector const shifted = x * log2_e + round, whole = shifted - round;  // x = whole · ln 2 + rest
    float_vector const rest = (x - whole * ln_2_high) - whole * ln_2_low;
    float_vector power = rest * 1.9875691500e-4f + 1.3981999507e-3f;  // Cephes, expf
    power = power * rest + 8.3334519073e-3f;
    power = power * rest + 4.1665795894e-2f;
    power = power * rest + 1.6666665459e-1f;
    power = power * rest + 5.0000001201e-1f;
    power = power * (rest * rest) + rest + 1.f;
    int_vector bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 23) + (127 << 23);  // 2^whole
    float_vector scale;
    std::memcpy(&scale, &bits, sizeof scale);
    power *= scale;
    sum += power;
    std::memcpy(at, &power, sizeof power);
  }
  float total = 0;
  for (std::size_t lane = 0; lane < vector_floats; ++lane) total += sum[lane];
  return total;
}

inline float largest_of(float const* scores, std::size_t count) {
  float_vector largest = float_vector{} + scores[0];
  std::size_t i = 0;
  for (; i + vector_floats <= count; i += vector_floats) {
    float_vector x;
    load_vector(scores + i, x);
    largest = x > largest ? x : largest;
  }
  float most = scores[0];
  for (std::size_t lane = 0; lane < vector_floats; ++lane) most = std::max(most, largest[lane]);
  for (; i < count; ++i) most = std::max(most, scores[i]);
  return most;
}

}  // namespace detail

/// Causal attention of one sequence: attended [row, hidden] = softmax(q · kᵀ) · v for each head, a row seeing itself
/// and the rows before it. Queries, keys and values are [head · row, head size], the rows of each head one below the
/// other; the queries are already scaled. Head h is columns h · head size ... of attended. Softmax in float32. `scores`
/// is working memory of attention_tile x rows floats; no [row, row] matrix is ever made.
inline void causal_attention(matrix_view<float const> queries, matrix_view<float const> keys,
                             matrix_view<float const> values, padded_matrix& scores, matrix_view<float> attended) {
  std::size_t const head_size = queries.columns, all = attended.rows;
  scores.resize(attention_tile, all);
  for (std::size_t h = 0; h < attended.columns / head_size; ++h)
    for (std::size_t first = 0; first < all; first += attention_tile) {
      std::size_t const rows = std::min(attention_tile, all - first), seen = first + rows;
      matrix_view<float> const tile{scores.data(), rows, seen, padded(seen)};
      product_transposed(queries.middle_rows(h * all + first, rows), keys.middle_rows(h * all, seen), tile);

      float total[attention_tile];
      for (std::size_t i = 0; i < rows; ++i) {
        float* const row = tile.row(i).data();
        std::size_t const own = first + i + 1;  // keys that this row sees; exponentials are taken in whole vectors
        float const largest = detail::largest_of(row, own);
        std::fill(row + own, row + padded(own), -std::numeric_limits<float>::infinity());
        total[i] = detail::exponentials(row, padded(own), largest);
        std::fill(row + own, row + std::max(seen, padded(own)), 0.f);
      }
      auto const into = attended.middle_columns(h * head_size, head_size).middle_rows(first, rows);
      product(tile, values.middle_rows(h * all, seen), into);
      for (std::size_t i = 0; i < rows; ++i)
        for (float& value : into.row(i)) value /= total[i];
    }
}

}  // namespace census
