// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/pre_activation_range.hpp>
#include <census/activation/source.hpp>
#include <census/activation/text_list.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace census {

/// A model that runs layer by layer on some texts.
///  - `m.architecture()`                     its sizes: `layers`, `ffn_size` (neurons a layer), `hidden_size`;
///  - `layers(m, texts, options)`      a layered_source, one source a layer from options.layers.first on, found by
///                                     argument-dependent lookup. The options are given in braces: .layers {first,
///                                     last}, .keep_values {whether any, whether those before the activation function,
///                                     whether those of firings suffice}, .residual_memory (bytes) and
///                                     .residual_folder (empty: that for temporary files), in this order.
template <class M>
concept layered_model = std::copyable<M> && requires(M const& m, text_list texts, std::filesystem::path folder) {
  { m.architecture().layers } -> std::convertible_to<std::size_t>;
  { m.architecture().ffn_size } -> std::convertible_to<std::size_t>;
  { m.architecture().hidden_size } -> std::convertible_to<std::size_t>;
  { layers(m, texts, {.layers = {0, 1}, .keep_values = {true, true, false}}) } -> layered_source;
  layers(m, texts,
         {.layers = {0, 1},
          .keep_values = {false, false, false},
          .residual_memory = std::uint64_t{0},
          .residual_folder = folder});
};

/// A model of which plan_census and take_census take the whole census: the extension point for a model of one's own,
/// whose functions lie beside its type, where argument-dependent lookup finds them. census::model is one. Beside what a
/// layered_model has:
///  - `layers_of(m.architecture(), {first, last})`   the range with its end filled in, or bad_input;
///  - `plan_layers(m, range, tokens, context, threads, elsewhere, memory, most_rows, keep_values)`   what a pass holds
///    whose blocks have at most so many tokens and keep their values or not, as census::memory_plan;
///  - `layers(...).weights()`                  the weights of the layer at hand, for
///    `pre_activation_ranges(m.architecture(), weights)`   what can reach each neuron [neuron];
///  - `m.update(layer, neuron)`                what a neuron adds to the residual stream, [hidden];
///  - `m.on_embedding(vector)`, `m.final_gain()`, `m.embedding_rows(first, count)`   what the output embedding makes of
///    it: see vocabulary_projection;
///  - `m.weights().drop(layer)`                called once nothing more is asked of a layer: what it maps may go;
///  - `tokens_named(m)`, `token_text(m, token)`   how many tokens have a text, and a token's.
template <class M>
concept census_model = layered_model<M> &&
    requires(M const& m, text_list texts, std::size_t n, std::uint64_t bytes, token_id token, Eigen::VectorXf vector) {
  { layers_of(m.architecture(), {n, n}).first } -> std::convertible_to<std::size_t>;
  { layers_of(m.architecture(), {n, n}).last } -> std::convertible_to<std::size_t>;
  { plan_layers(m, {n, n}, bytes, n, n, bytes, bytes, n, true).total() } -> std::convertible_to<std::uint64_t>;
  {
    pre_activation_ranges(m.architecture(), layers(m, texts, {.layers = {0, 1}}).weights())
    } -> std::convertible_to<std::vector<pre_activation_range>>;
  { m.update(n, n) } -> std::convertible_to<Eigen::VectorXf>;
  { m.on_embedding(vector) } -> std::convertible_to<Eigen::VectorXf>;
  { m.final_gain() } -> std::convertible_to<Eigen::VectorXf>;
  m.embedding_rows(n, n);
  m.weights().drop(n);
  { tokens_named(m) } -> std::convertible_to<std::size_t>;
  { token_text(m, token) } -> std::convertible_to<std::string>;
};

}  // namespace census
