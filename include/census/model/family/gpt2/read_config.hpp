// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/architecture.hpp>
#include <census/model/detail/config_reader.hpp>
#include <census/model/tensor_layout.hpp>

namespace census::gpt2 {

/// Where GPT-2's tensors lie: linear maps [in, out], one for queries, keys and values together. Old checkpoints also
/// hold attention's masks, `attn.bias` and `attn.masked_bias`, which are no parameters and not read.
inline tensor_layout layout() {
  return {.prefixes = {"transformer.", ""},
          .tokens = "wte.weight",
          .positions = "wpe.weight",
          .head = "lm_head.weight",
          .layers = "h.",
          .attention_norm = "ln_1",
          .ffn_norm = "ln_2",
          .final_norm = "ln_f",
          .attention_in = {"attn.c_attn"},
          .attention_out = "attn.c_proj",
          .fc1 = "mlp.c_fc",
          .fc2 = "mlp.c_proj",
          .project_in = {},
          .project_out = {},
          .in_by_out = true,
          .no_parameters = {"attn.bias", "attn.masked_bias"},
          .layers_field = "n_layer"};
}

/// What a GPT-2's config.json describes. What it leaves out is as Hugging Face transformers takes it, and so are the
/// names that most other models have for its sizes, where they stand for GPT-2's own. Its tokenizer puts no BOS in
/// front of a text; bos_token_id is `<|endoftext|>`, which stood between documents in training. Fields that change
/// nothing here are not looked at: reorder_and_upcast_attn among them, for everything is computed in float32. Throws
/// bad_input naming file and field where one is out of range or not computed, and where two names of a size disagree.
inline model_description read_config(census::detail::config_reader const& read) {
  using limits = census::detail::config_reader;
  auto a = read.sizes(
      {.vocabulary = {"vocab_size", 50257},
       .hidden = {"n_embd", 768, "hidden_size"},
       .layers = {"n_layer", 12, "num_hidden_layers"},
       .heads = {"n_head", 12, "num_attention_heads"},
       .positions = {"n_positions", read.size("n_ctx", 1, limits::most_rows, 1024), "max_position_embeddings"}});
  a.ffn_size = read.size("n_inner", 1, limits::most_rows, 4 * a.hidden_size);
  a.bos = read.bos(50256);
  a.pad = read.pad({}, a.vocabulary_size);
  a.norms.epsilon = read.epsilon("layer_norm_epsilon", 1e-5f);
  a.activation = read.activation("activation_function", "gelu_new");
  a.tied = read.flag("tie_word_embeddings", true);

  for (auto const* field : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"})
    if (read.flag(field, false)) read.refuse(field, "is true, which is not computed");
  if (!read.flag("scale_attn_weights", true)) read.refuse("scale_attn_weights", "is false, which is not computed");
  return {a, layout()};
}

}  // namespace census::gpt2
