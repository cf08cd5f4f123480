// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <span>

namespace census {

/// normed [row, hidden] = gain ⊙ (x − mean x) / √(variance x + epsilon) + bias, row by row, with the biased variance,
/// in float32. Rows, gain and bias start on 64 bytes. `normed` may be x itself.
inline void layer_norm(matrix_view<float const> x, std::span<float const> gain, std::span<float const> bias,
                       float epsilon, matrix_view<float> normed) {
  using aligned = Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64>;
  using aligned_const = Eigen::Map<Eigen::ArrayXf const, Eigen::Aligned64>;
  auto const hidden = static_cast<Eigen::Index>(x.columns);
  aligned_const const gains(gain.data(), hidden), biases(bias.data(), hidden);
  for (std::size_t i = 0; i < x.rows; ++i) {
    aligned_const const from(x.row(i).data(), hidden);
    aligned into(normed.row(i).data(), hidden);
    float const mean = from.mean();
    into = from - mean;
    float const scale = 1 / std::sqrt(into.square().mean() + epsilon);
    into = into * scale * gains + biases;
  }
}

}  // namespace census
