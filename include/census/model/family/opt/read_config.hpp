// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/architecture.hpp>
#include <census/model/detail/config_reader.hpp>
#include <census/model/tensor_layout.hpp>

#include <cstddef>

namespace census::opt {

namespace detail {

/// Embedding p + 2 is position p's.
inline constexpr std::size_t position_offset = 2;

inline tensor_layout layout_of(architecture const& a) {
  return {.prefixes = {"model.decoder.", "decoder.", ""},
          .tokens = "embed_tokens.weight",
          .positions = "embed_positions.weight",
          .head = "lm_head.weight",
          .layers = "layers.",
          .attention_norm = "self_attn_layer_norm",
          .ffn_norm = "final_layer_norm",  // of the layer
          .final_norm = "final_layer_norm",
          .attention_in = {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"},
          .attention_out = "self_attn.out_proj",
          .fc1 = "fc1",
          .fc2 = "fc2",
          .project_in = "project_in",
          .project_out = "project_out",
          .layers_field = "num_hidden_layers",
          .no_biases = "enable_bias is false",
          .no_gains = "layer_norm_elementwise_affine is false",
          .no_projections = "word_embed_proj_dim is hidden_size",
          .no_final_norm = a.norms.stands == norm_settings::place::after ? "do_layer_norm_before is false"
                                                                         : "_remove_final_layer_norm is true"};
}

}  // namespace detail

/// What an OPT's config.json describes: all variants, 350m's among them. What it leaves out is as Hugging Face
/// transformers takes it; fields that change nothing here (dropout, initialisation, ...) are not looked at. Throws
/// bad_input naming file and field where one is out of range or not computed.
inline model_description read_config(census::detail::config_reader const& read) {
  using limits = census::detail::config_reader;
  auto a = read.sizes({.vocabulary = {"vocab_size", 50272},
                       .hidden = {"hidden_size", 768},
                       .layers = {"num_hidden_layers", 12},
                       .heads = {"num_attention_heads", 12},
                       .positions = {"max_position_embeddings", 2048}});
  a.ffn_size = read.size("ffn_dim", 1, limits::most_rows, 3072);
  a.embedding_size = read.size("word_embed_proj_dim", 1, limits::most_rows, a.hidden_size);
  a.bos = read.bos(2);
  a.pad = read.pad(1, a.vocabulary_size);

  bool const norm_first = read.flag("do_layer_norm_before", true), biases = read.flag("enable_bias", true);
  a.norms.stands = norm_first ? norm_settings::place::before : norm_settings::place::after;
  a.norms.gains = a.norms.shifts = read.flag("layer_norm_elementwise_affine", true);
  a.positions.offset = detail::position_offset;
  a.biases = {biases, biases, biases};
  a.activation = read.activation("activation_function", "relu");
  a.final_norm = norm_first && !read.flag("_remove_final_layer_norm", false);
  a.tied = read.flag("tie_word_embeddings", true);
  return {a, detail::layout_of(a)};
}

}  // namespace census::opt
