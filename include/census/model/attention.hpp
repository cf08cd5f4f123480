// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>
#include <census/model/product.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>

namespace census {

/// Queries are taken in tiles of so many rows, counted from the sequence's start: only keys up to the tile's end are
/// touched. A tile's scores stay in the cache; smaller tiles pack the keys more often.
inline constexpr std::size_t attention_tile = 96;

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false alarms of g++ 12 on AVX-512 intrinsics (PR 105593)
#endif

/// Causal attention of one sequence: attended [row, hidden] = softmax(q · kᵀ) · v for each head, a row seeing itself
/// and the rows before it. Queries, keys and values are [row, hidden], head h in columns h·hidden/heads ...; the
/// queries are already scaled. Softmax in float32. `scores` is working memory of attention_tile x rows floats; no [row,
/// row] matrix is ever made.
inline void causal_attention(matrix_view<float const> queries, matrix_view<float const> keys,
                             matrix_view<float const> values, std::size_t heads, padded_matrix& scores,
                             matrix_view<float> attended) {
  using aligned = Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>;
  std::size_t const head_size = queries.columns / heads;
  scores.resize(attention_tile, queries.rows);
  for (std::size_t h = 0; h < heads; ++h) {
    auto const of_head = [&](auto const& m) { return m.middle_columns(h * head_size, head_size); };
    for (std::size_t first = 0; first < queries.rows; first += attention_tile) {
      std::size_t const rows = std::min(attention_tile, queries.rows - first), seen = first + rows;
      matrix_view<float> const tile{scores.data(), rows, seen, padded(seen)};
      product_transposed(of_head(queries).middle_rows(first, rows), of_head(keys).middle_rows(0, seen), tile);

      std::array<float, attention_tile> total;
      for (std::size_t i = 0; i < rows; ++i) {
        float* const row = tile.row(i).data();
        std::size_t const own = first + i + 1;  // keys that this row sees; exponentials are taken in whole vectors
        float const largest = aligned(row, static_cast<Eigen::Index>(own)).maxCoeff();
        std::fill(row + own, row + padded(own), largest);
        aligned exponentials(row, static_cast<Eigen::Index>(padded(own)));
        exponentials = (exponentials - largest).exp();
        std::fill(row + own, row + std::max(seen, padded(own)), 0.f);
        total[i] = exponentials.sum();
      }
      auto const into = of_head(attended).middle_rows(first, rows);
      product(tile, of_head(values).middle_rows(0, seen), into);
      for (std::size_t i = 0; i < rows; ++i)
        for (float& value : into.row(i)) value /= total[i];
    }
  }
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace census
