// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/activation_function.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model_weights.hpp>
#include <census/parallel_loop.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>

/// The forward pass in double precision, of the same float32 weights: what float32 is measured against
/// (measure_rounding), and a reference for tests. Each function is the plain twin of that of the same name in
/// forward.hpp, one whole sequence at a time; the results do not depend on the number of threads.
namespace census::in_double {

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

namespace detail {

inline constexpr std::size_t columns_at_once = 256;  // of a product: so many columns of weights are held in double
inline constexpr std::size_t rows_at_once = 64;      // of attention: queries whose scores are held

inline auto to_double(matrix_view<float const> m) {
  using stored = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<stored const, 0, Eigen::OuterStride<>>(m.data, static_cast<Eigen::Index>(m.rows),
                                                           static_cast<Eigen::Index>(m.columns),
                                                           Eigen::OuterStride<>(static_cast<Eigen::Index>(m.stride)))
      .cast<double>();
}

/// x [row, in] · w [in, out] + bias [1, out].
inline matrix linear(matrix const& x, padded_matrix const& w, padded_matrix const& bias) {
  matrix result(x.rows(), static_cast<Eigen::Index>(w.columns()));
  parallel_loop(std::size_t{0}, (w.columns() + columns_at_once - 1) / columns_at_once, [&](std::size_t part) {
    std::size_t const first = part * columns_at_once, count = std::min(columns_at_once, w.columns() - first);
    matrix const weights = to_double(w.view().middle_columns(first, count)),
                 constant = to_double(bias.view().middle_columns(first, count));
    auto into = result.middleCols(static_cast<Eigen::Index>(first), static_cast<Eigen::Index>(count));
    into.noalias() = x * weights;
    into.rowwise() += constant.row(0);
  });
  return result;
}

/// gain ⊙ (x − mean x) / √(variance x + epsilon) + shift, row by row.
inline matrix layer_norm(matrix const& x, padded_matrix const& gain, padded_matrix const& shift, double epsilon) {
  matrix const gains = to_double(gain.view()), shifts = to_double(shift.view());
  matrix result(x.rows(), x.cols());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    Eigen::RowVectorXd const centred = x.row(i).array() - x.row(i).mean();
    double const deviation = std::sqrt(centred.squaredNorm() / static_cast<double>(x.cols()) + epsilon);
    result.row(i) = (centred / deviation).cwiseProduct(gains.row(0)) + shifts.row(0);
  }
  return result;
}

/// attended [row, head size] = softmax(q · kᵀ / √head size) · v of one head, a row seeing itself and those before it.
inline matrix causal_attention(matrix const& queries, matrix const& keys, matrix const& values) {
  matrix attended(queries.rows(), queries.cols());
  auto const tile = static_cast<Eigen::Index>(rows_at_once);
  for (Eigen::Index first = 0; first < queries.rows(); first += tile) {
    Eigen::Index const rows = std::min(tile, queries.rows() - first), seen = first + rows;
    matrix scores = queries.middleRows(first, rows) * keys.topRows(seen).transpose();
    scores /= std::sqrt(static_cast<double>(queries.cols()));
    for (Eigen::Index i = 0; i < rows; ++i) {
      Eigen::Index const own = first + i + 1;  // keys that this row sees
      double const largest = scores.row(i).head(own).maxCoeff();
      double total = 0;
      for (Eigen::Index j = 0; j < own; ++j) total += scores(i, j) = std::exp(scores(i, j) - largest);
      scores.row(i).head(own) /= total;
      scores.row(i).tail(seen - own).setZero();
    }
    attended.middleRows(first, rows).noalias() = scores * values.topRows(seen);
  }
  return attended;
}

inline double activated(activation_function f, double x) {
  switch (f) {
  case activation_function::relu:
    return std::max(x, 0.0);
  case activation_function::gelu:
    return x / 2 * std::erfc(-x / std::sqrt(2.0));
  case activation_function::gelu_tanh:
    return x / (1 + std::exp(-std::sqrt(8 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
  case activation_function::silu:
    return x / (1 + std::exp(-x));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

inline bool norms_first(architecture const& a) { return a.norms.stands == norm_settings::place::before; }

/// What a part of a layer reads of the residual stream, and what it leaves there.
inline matrix normed_before(architecture const& a, padded_matrix const& gain, padded_matrix const& shift,
                            matrix const& residual) {
  return norms_first(a) ? layer_norm(residual, gain, shift, double{a.norms.epsilon}) : residual;
}
inline void add(architecture const& a, padded_matrix const& gain, padded_matrix const& shift, matrix const& update,
                matrix& residual) {
  residual += update;
  if (!norms_first(a)) residual = layer_norm(residual, gain, shift, double{a.norms.epsilon});
}

}  // namespace detail

/// Bytes that a pass over so many sequences of up to `context` tokens takes at most, beside a layer's weights.
inline std::uint64_t bytes(architecture const& a, std::size_t sequences, std::size_t context, std::size_t threads) {
  std::uint64_t const hidden = padded(a.hidden_size), wide = std::max<std::uint64_t>(hidden, a.ffn_size);
  return sizeof(double) * (sequences * context * hidden + context * (a.ffn_size + 7 * hidden) +
                           threads * (detail::columns_at_once * (wide + context) + detail::rows_at_once * context));
}

/// residual [token, hidden] = token embedding + position embedding.
inline matrix embed(model_weights const& from, std::span<token_id const> tokens) {
  architecture const& a = from.architecture();
  padded_matrix embeddings(tokens.size(), a.embedding_size), positions(tokens.size(), a.hidden_size);
  from.read_embeddings([&](model_weights::embedding_rows const& rows) {
    for (std::size_t p = 0; p < tokens.size(); ++p) {
      rows.read_token(tokens[p], embeddings.row(p));
      rows.read_position(p, positions.row(p));
    }
  });
  matrix const read = detail::to_double(embeddings.view());
  padded_matrix const project_in = from.project_in();  // [hidden, embedding], where the model has it
  matrix residual = detail::to_double(positions.view());
  if (project_in.rows() == 0) return residual + read;
  matrix const projection = detail::to_double(project_in.view());
  return residual + read * projection.transpose();
}

/// residual += attention(norm(residual)); in a model whose norms come after, residual = norm(residual +
/// attention(residual)).
inline void attend(architecture const& a, layer_weights const& layer, matrix& residual) {
  matrix const all = detail::linear(detail::normed_before(a, layer.attention_gain, layer.attention_bias, residual),
                                    layer.attention_in, layer.attention_in_bias);
  auto const head_size = static_cast<Eigen::Index>(a.head_size);
  matrix attended(residual.rows(), residual.cols());
  parallel_loop(std::size_t{0}, a.heads, [&](std::size_t h) {
    auto const of_head = [&](std::size_t part) -> matrix {
      return all.middleCols(static_cast<Eigen::Index>(part * padded(a.hidden_size) + h * a.head_size), head_size);
    };
    attended.middleCols(static_cast<Eigen::Index>(h * a.head_size), head_size) =
        detail::causal_attention(of_head(0), of_head(1), of_head(2));
  });
  detail::add(a, layer.attention_gain, layer.attention_bias,
              detail::linear(attended, layer.attention_out, layer.attention_out_bias), residual);
}

/// Pre-activations [token, neuron] = fc1(norm(residual)), without the norm where norms come after.
inline matrix pre_activations(architecture const& a, layer_weights const& layer, matrix const& residual) {
  return detail::linear(detail::normed_before(a, layer.ffn_gain, layer.ffn_bias, residual), layer.fc1, layer.fc1_bias);
}

/// residual += fc2(f(pre-activations)), f the model's activation function; normed where norms come after.
inline void add_update(architecture const& a, layer_weights const& layer, matrix pre_activations, matrix& residual) {
  for (double& x : pre_activations.reshaped()) x = detail::activated(a.activation, x);
  detail::add(a, layer.ffn_gain, layer.ffn_bias, detail::linear(pre_activations, layer.fc2, layer.fc2_bias), residual);
}

}  // namespace census::in_double
