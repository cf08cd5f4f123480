// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/attention.hpp>
#include <census/model/layer_norm.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>
#include <census/model/opt/weights.hpp>
#include <census/model/product.hpp>
#include <census/token_id.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

namespace census::opt {

/// The published models' epsilon of every layer norm.
inline constexpr float norm_epsilon = 1e-5f;

/// Working memory of one thread; it grows to the longest sequence seen and is then reused.
struct workspace {
  padded_matrix normed, queries_keys_values, attended, scores, activations;
};

/// residual [token, hidden] = token embedding + position embedding of one sequence.
inline void embed(weights const& from, std::span<token_id const> tokens, matrix_view<float> residual, workspace& w) {
  w.normed.resize(1, residual.columns);
  auto const position = w.normed.row(0);
  for (std::size_t p = 0; p < tokens.size(); ++p) {
    auto const row = residual.row(p);
    from.read_embedding(tokens[p], row);
    from.read_position(p, position);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] += position[i];
  }
}

namespace detail {

// residual += update + bias, row by row.
inline void add(matrix_view<float> residual, matrix_view<float const> update, padded_matrix const& bias) {
  auto const constant = bias.row(0);
  for (std::size_t i = 0; i < residual.rows; ++i) {
    auto const row = residual.row(i);
    auto const more = update.row(i);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] += more[j] + constant[j];
  }
}

// row = max(row + bias, 0), but NaN stays NaN. Returns whether there was none.
inline bool bias_and_relu(std::span<float> row, std::span<float const> bias) {
  unsigned unordered = 0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    float const value = row[j] + bias[j];
    unordered |= value != value;
    row[j] = value < 0 ? 0 : value;
  }
  return unordered == 0;
}

}  // namespace detail

/// residual += attention(norm(residual)) for one whole sequence [token, hidden].
inline void attend(config const& c, layer_weights const& layer, matrix_view<float> residual, workspace& w) {
  std::size_t const hidden = c.hidden_size, part = padded(hidden);
  w.normed.resize(residual.rows, hidden);
  w.queries_keys_values.resize(residual.rows, 3 * part);
  w.attended.resize(residual.rows, hidden);
  layer_norm(residual, layer.attention_gain.row(0), layer.attention_bias.row(0), norm_epsilon, w.normed.view());
  auto const all = w.queries_keys_values.view();
  product_transposed(w.normed.view(), layer.attention_in.view(), all);

  float const scale = 1 / std::sqrt(static_cast<float>(c.head_size()));  // queries are scaled after the bias
  auto const bias = layer.attention_in_bias.row(0);
  for (std::size_t i = 0; i < residual.rows; ++i) {
    auto const row = all.row(i);
    for (std::size_t j = 0; j < part; ++j) row[j] = (row[j] + bias[j]) * scale;
    for (std::size_t j = part; j < 3 * part; ++j) row[j] += bias[j];
  }
  causal_attention(all.middle_columns(0, hidden), all.middle_columns(part, hidden),
                   all.middle_columns(2 * part, hidden), c.heads, w.scores, w.attended.view());
  product_transposed(w.attended.view(), layer.attention_out.view(), w.normed.view());
  detail::add(residual, w.normed.view(), layer.attention_out_bias);
}

/// activations [token, neuron] = relu(fc1(norm(residual))) for one whole sequence. `finished(i, row)` is called for
/// each row while it is still near. Returns the first row that holds a NaN, or std::nullopt.
template <class Finished>
std::optional<std::size_t> feed_forward(layer_weights const& layer, matrix_view<float const> residual,
                                        matrix_view<float> activations, workspace& w, Finished&& finished) {
  w.normed.resize(residual.rows, residual.columns);
  layer_norm(residual, layer.ffn_gain.row(0), layer.ffn_bias.row(0), norm_epsilon, w.normed.view());
  product_transposed(w.normed.view(), layer.fc1.view(), activations);
  for (std::size_t i = 0; i < activations.rows; ++i) {
    if (!detail::bias_and_relu(activations.row(i), layer.fc1_bias.row(0))) return i;
    finished(i, activations.row(i));
  }
  return std::nullopt;
}

/// residual += fc2(activations) for one whole sequence.
inline void add_update(layer_weights const& layer, matrix_view<float const> activations, matrix_view<float> residual,
                       workspace& w) {
  w.normed.resize(residual.rows, residual.columns);
  product_transposed(activations, layer.fc2.view(), w.normed.view());
  detail::add(residual, w.normed.view(), layer.fc2_bias);
}

}  // namespace census::opt
