// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/model/activation_function.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/attention.hpp>
#include <census/model/detail/float_vector.hpp>
#include <census/model/detail/layer_norm.hpp>
#include <census/model/detail/sparse_product.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model_weights.hpp>
#include <census/model/product.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// Where at most one in so many activations of a sequence is not 0, add_update adds the updates of those neurons alone:
/// well before that takes as long as the product does. The choice has to depend on nothing but the sequence's own
/// activations.
inline constexpr std::size_t sparse_below = detail::vector_floats >= 8 ? 7 : 16;

/// Working memory of one thread; it grows to the longest sequence seen and is then reused.
struct workspace {
  padded_matrix normed, by_head, attended, scores;
  padded_matrix activations;              // before they are there: queries, keys and values
  std::vector<std::uint64_t> above_zero;  // of the activations that feed_forward made last, a bit each [row, word]
  std::size_t above_zero_count = 0;
  std::vector<std::uint32_t> listed;

  /// Bytes that it takes for sequences of up to `context` tokens.
  static std::uint64_t bytes(architecture const& a, std::size_t context) {
    std::uint64_t const hidden = padded(a.hidden_size),
                        read = std::max<std::uint64_t>(hidden, padded(a.embedding_size));
    std::uint64_t const wide = std::max<std::uint64_t>(padded(a.ffn_size), 3 * hidden);
    std::uint64_t const floats =
        context * (hidden + read + 3 * a.heads * padded(a.head_size) + wide) + attention_tile * padded(context);
    std::uint64_t const words = packed_firings::words_for(a.ffn_size);
    return sizeof(float) * floats + 8 * words * context + 4 * 64 * words;
  }
};

/// residual [token, hidden] = token embedding + position embedding of one sequence. `project_in` [hidden, embedding]
/// leads from the one to the other where the model has it; else it is empty.
inline void embed(model_weights::embedding_rows const& from, padded_matrix const& project_in,
                  std::span<token_id const> tokens, matrix_view<float> residual, workspace& w) {
  bool const projected = project_in.rows() > 0;
  if (projected) w.attended.resize(tokens.size(), project_in.columns());
  auto const embeddings = projected ? w.attended.view() : residual;
  for (std::size_t p = 0; p < tokens.size(); ++p) from.read_token(tokens[p], embeddings.row(p));
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
inline matrix_view<float const> normed_before(architecture const& a, padded_matrix const& gain,
                                              padded_matrix const& bias, matrix_view<float const> residual,
                                              workspace& w) {
  w.normed.resize(residual.rows, residual.columns);
  if (a.norms.stands == norm_settings::place::after) return residual;
  layer_norm(residual, gain.row(0), bias.row(0), a.norms.epsilon, w.normed.view());
  return w.normed.view();
}
inline void norm_after(architecture const& a, padded_matrix const& gain, padded_matrix const& bias,
                       matrix_view<float> residual) {
  if (a.norms.stands == norm_settings::place::after)
    layer_norm(residual, gain.row(0), bias.row(0), a.norms.epsilon, residual);
}

// by_head [3 heads · row, head size] = the heads of queries, keys and values of `all` [row, 3 padded(hidden)], each
// head's rows one below the other, for attention reads them again and again; queries are scaled after the bias.
inline void split_heads(architecture const& a, matrix_view<float const> all, std::span<float const> bias,
                        padded_matrix& by_head) {
  std::size_t const part = padded(a.hidden_size), heads = a.heads * all.rows;
  by_head.resize(3 * heads, a.head_size);
  for (std::size_t i = 0; i < all.rows; ++i)
    for (std::size_t which = 0; which < 3; ++which) {
      float const scale = which == 0 ? 1 / std::sqrt(static_cast<float>(a.head_size)) : 1;
      for (std::size_t h = 0; h < a.heads; ++h) {
        std::size_t const first = which * part + h * a.head_size;
        std::span<float const> const from = all.row(i).subspan(first, a.head_size),
                                     constant = bias.subspan(first, a.head_size);
        auto const into = by_head.row(which * heads + h * all.rows + i);
        for (std::size_t j = 0; j < into.size(); ++j) into[j] = (from[j] + constant[j]) * scale;
      }
    }
}

}  // namespace detail

/// residual += attention(norm(residual)) for one whole sequence [token, hidden]; in a model whose norms come after,
/// residual = norm(residual + attention(residual)).
inline void attend(architecture const& a, layer_weights const& layer, matrix_view<float> residual, workspace& w) {
  w.activations.resize(residual.rows, 3 * padded(a.hidden_size));
  w.attended.resize(residual.rows, a.hidden_size);
  auto const all = w.activations.view();
  product(detail::normed_before(a, layer.attention_gain, layer.attention_bias, residual, w), layer.attention_in.view(),
          all);

  std::size_t const heads = a.heads * residual.rows;
  detail::split_heads(a, all, layer.attention_in_bias.row(0), w.by_head);
  auto const part_of = [&](std::size_t which) { return w.by_head.view().middle_rows(which * heads, heads); };
  causal_attention(part_of(0), part_of(1), part_of(2), w.scores, w.attended.view());
  product(w.attended.view(), layer.attention_out.view(), w.normed.view());
  detail::add(residual, w.normed.view(), layer.attention_out_bias);
  detail::norm_after(a, layer.attention_gain, layer.attention_bias, residual);
}

/// activations [token, neuron] = f(fc1(norm(residual))) for one whole sequence, f the model's activation function;
/// without the norm where norms come after. `before(i, row)` is called for each row of fc1's product, its bias not yet
/// added, `finished(i, row, words)` for each row of activations while it is still near, with a bit each that says
/// whether it is above 0, packed as firings are. Returns the first row that holds a NaN, or std::nullopt.
template <class Before, class Finished>
std::optional<std::size_t> feed_forward(architecture const& a, layer_weights const& layer,
                                        matrix_view<float const> residual, matrix_view<float> activations, workspace& w,
                                        Before&& before, Finished&& finished) {
  product(detail::normed_before(a, layer.ffn_gain, layer.ffn_bias, residual, w), layer.fc1.view(), activations);
  std::size_t const words = packed_firings::words_for(activations.columns);
  w.above_zero.resize(activations.rows * words);
  w.above_zero_count = 0;
  for (std::size_t i = 0; i < activations.rows; ++i) {
    auto const row = activations.row(i);
    before(i, row);
    if (!add_bias_and_activate(a.activation, row, layer.fc1_bias.row(0))) return i;
    std::span const above = std::span(w.above_zero).subspan(i * words, words);
    pack_row(row, above.data());
    for (std::uint64_t const word : above) w.above_zero_count += static_cast<std::size_t>(std::popcount(word));
    finished(i, row, std::span<std::uint64_t const>(above));
  }
  return std::nullopt;
}

/// residual += fc2(activations) for one whole sequence, the one that feed_forward made last; normed where norms come
/// after. Where few neurons fire, and the others are 0, only their updates are added.
inline void add_update(architecture const& a, layer_weights const& layer, matrix_view<float const> activations,
                       matrix_view<float> residual, workspace& w) {
  bool const sparse = a.activation == activation_function::relu &&
                      w.above_zero_count <= activations.rows * activations.columns / sparse_below;
  if (sparse) {
    add_sparse_product(activations, w.above_zero, layer.fc2.view(), layer.fc2_bias.row(0), residual, w.listed);
  } else {
    w.normed.resize(residual.rows, residual.columns);
    product(activations, layer.fc2.view(), w.normed.view());
    detail::add(residual, w.normed.view(), layer.fc2_bias);
  }
  detail::norm_after(a, layer.ffn_gain, layer.ffn_bias, residual);
}

}  // namespace census
