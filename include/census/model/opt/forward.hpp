// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/model/activation_function.hpp>
#include <census/model/attention.hpp>
#include <census/model/layer_norm.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>
#include <census/model/opt/weights.hpp>
#include <census/model/product.hpp>
#include <census/model/sparse_product.hpp>
#include <census/token_id.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census::opt {

/// The published models' epsilon of every layer norm.
inline constexpr float norm_epsilon = 1e-5f;

/// Where at most one in so many activations of a sequence is not 0, add_update adds the updates of those neurons alone:
/// well before that takes as long as the product does. The choice has to depend on nothing but the sequence's own
/// activations.
inline constexpr std::size_t sparse_below = census::detail::vector_floats >= 8 ? 7 : 16;

/// Working memory of one thread; it grows to the longest sequence seen and is then reused.
struct workspace {
  padded_matrix normed, by_head, attended, scores;
  padded_matrix activations;              // before they are there: queries, keys and values
  std::vector<std::uint64_t> above_zero;  // of the activations that feed_forward made last, a bit each [row, word]
  std::size_t above_zero_count = 0;
  std::vector<std::uint32_t> listed;
};

/// residual [token, hidden] = token embedding + position embedding of one sequence. `project_in` [hidden, embedding]
/// leads from the one to the other where the model has it; else it is empty.
inline void embed(weights const& from, padded_matrix const& project_in, std::span<token_id const> tokens,
                  matrix_view<float> residual, workspace& w) {
  bool const projected = project_in.rows() > 0;
  if (projected) w.attended.resize(tokens.size(), project_in.columns());
  auto const embeddings = projected ? w.attended.view() : residual;
  for (std::size_t p = 0; p < tokens.size(); ++p) from.read_embedding(tokens[p], embeddings.row(p));
  if (projected) product_transposed(embeddings, project_in.view(), residual);

  w.normed.resize(1, residual.columns);
  auto const position = w.normed.row(0);
  for (std::size_t p = 0; p < tokens.size(); ++p) {
    auto const row = residual.row(p);
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

// The two places of a norm: it makes what a part of the layer reads, w.normed, of the residual stream, or else, once
// the part's update has been added, the residual stream anew.
inline matrix_view<float const> normed_before(config const& c, padded_matrix const& gain, padded_matrix const& bias,
                                              matrix_view<float const> residual, workspace& w) {
  w.normed.resize(residual.rows, residual.columns);
  if (!c.norm_first) return residual;
  layer_norm(residual, gain.row(0), bias.row(0), norm_epsilon, w.normed.view());
  return w.normed.view();
}
inline void norm_after(config const& c, padded_matrix const& gain, padded_matrix const& bias,
                       matrix_view<float> residual) {
  if (!c.norm_first) layer_norm(residual, gain.row(0), bias.row(0), norm_epsilon, residual);
}

}  // namespace detail

/// residual += attention(norm(residual)) for one whole sequence [token, hidden]; in a model whose norms come after,
/// residual = norm(residual + attention(residual)).
inline void attend(config const& c, layer_weights const& layer, matrix_view<float> residual, workspace& w) {
  std::size_t const hidden = c.hidden_size, part = padded(hidden);
  w.activations.resize(residual.rows, 3 * part);
  w.attended.resize(residual.rows, hidden);
  auto const all = w.activations.view();
  product(detail::normed_before(c, layer.attention_gain, layer.attention_bias, residual, w), layer.attention_in.view(),
          all);

  // Each head's rows one below the other, for attention reads them again and again; queries are scaled after the bias.
  std::size_t const heads = c.heads * residual.rows;
  w.by_head.resize(3 * heads, c.head_size());
  auto const bias = layer.attention_in_bias.row(0);
  for (std::size_t i = 0; i < residual.rows; ++i)
    for (std::size_t which = 0; which < 3; ++which) {
      float const scale = which == 0 ? 1 / std::sqrt(static_cast<float>(c.head_size())) : 1;
      for (std::size_t h = 0; h < c.heads; ++h) {
        std::size_t const first = which * part + h * c.head_size();
        std::span<float const> const from = all.row(i).subspan(first, c.head_size()),
                                     constant = bias.subspan(first, c.head_size());
        auto const into = w.by_head.row(which * heads + h * residual.rows + i);
        for (std::size_t j = 0; j < into.size(); ++j) into[j] = (from[j] + constant[j]) * scale;
      }
    }
  auto const part_of = [&](std::size_t which) { return w.by_head.view().middle_rows(which * heads, heads); };
  causal_attention(part_of(0), part_of(1), part_of(2), w.scores, w.attended.view());
  product(w.attended.view(), layer.attention_out.view(), w.normed.view());
  detail::add(residual, w.normed.view(), layer.attention_out_bias);
  detail::norm_after(c, layer.attention_gain, layer.attention_bias, residual);
}

/// activations [token, neuron] = f(fc1(norm(residual))) for one whole sequence, f the model's activation function;
/// without the norm where norms come after. `before(i, row)` is called for each row of fc1's product, its bias not yet
/// added, `finished(i, row, words)` for each row of activations while it is still near, with a bit each that says
/// whether it is above 0, packed as firings are. Returns the first row that holds a NaN, or std::nullopt.
template <class Before, class Finished>
std::optional<std::size_t> feed_forward(config const& c, layer_weights const& layer, matrix_view<float const> residual,
                                        matrix_view<float> activations, workspace& w, Before&& before,
                                        Finished&& finished) {
  product(detail::normed_before(c, layer.ffn_gain, layer.ffn_bias, residual, w), layer.fc1.view(), activations);
  std::size_t const words = packed_firings::words_for(activations.columns);
  w.above_zero.resize(activations.rows * words);
  w.above_zero_count = 0;
  for (std::size_t i = 0; i < activations.rows; ++i) {
    auto const row = activations.row(i);
    before(i, row);
    if (!add_bias_and_activate(c.activation, row, layer.fc1_bias.row(0))) return i;
    std::span const above = std::span(w.above_zero).subspan(i * words, words);
    pack_row(row, above.data());
    for (std::uint64_t const word : above) w.above_zero_count += static_cast<std::size_t>(std::popcount(word));
    finished(i, row, std::span<std::uint64_t const>(above));
  }
  return std::nullopt;
}

/// residual += fc2(activations) for one whole sequence, the one that feed_forward made last; normed where norms come
/// after. Where few neurons fire, and the others are 0, only their updates are added.
inline void add_update(config const& c, layer_weights const& layer, matrix_view<float const> activations,
                       matrix_view<float> residual, workspace& w) {
  bool const sparse = c.activation == activation_function::relu &&
                      w.above_zero_count <= activations.rows * activations.columns / sparse_below;
  if (sparse) {
    add_sparse_product(activations, w.above_zero, layer.fc2.view(), layer.fc2_bias.row(0), residual, w.listed);
  } else {
    w.normed.resize(residual.rows, residual.columns);
    product(activations, layer.fc2.view(), w.normed.view());
    detail::add(residual, w.normed.view(), layer.fc2_bias);
  }
  detail::norm_after(c, layer.ffn_gain, layer.ffn_bias, residual);
}

}  // namespace census::opt
