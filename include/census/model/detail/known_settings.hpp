// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace census::detail {

/// Whether a field of a config.json changes nothing of what is computed on a text: what training, text generation,
/// other heads and the loading of files take from there. A field that is neither read nor one of these is told to be
/// ignored.
inline bool changes_nothing(std::string_view field) {
  constexpr std::array<std::string_view, 58> names{
      // where the model came from, and how it was stored
      "_name_or_path", "architectures", "auto_map", "dtype", "model_type", "torch_dtype", "transformers_version",
      "_attn_implementation_autoset", "use_safetensors", "name_or_path",
      // training
      "activation_dropout", "attention_dropout", "attn_pdrop", "dropout", "embd_pdrop", "gradient_checkpointing",
      "init_std", "initializer_range", "layerdrop", "resid_pdrop", "problem_type",
      // text generation
      "bad_words_ids", "begin_suppress_tokens", "decoder_start_token_id", "diversity_penalty", "do_sample",
      "early_stopping", "encoder_no_repeat_ngram_size", "eos_token_id", "exponential_decay_length_penalty",
      "forced_bos_token_id", "forced_eos_token_id", "length_penalty", "max_length", "min_length",
      "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_return_sequences", "pad_token_id", "prefix",
      "remove_invalid_values", "repetition_penalty", "sep_token_id", "suppress_tokens", "task_specific_params",
      "temperature", "top_k", "top_p", "typical_p", "use_cache",
      // what is given back, and other heads
      "finetuning_task", "id2label", "label2id", "num_labels", "predict_special_tokens", "return_dict",
      "tokenizer_class"};
  constexpr std::array<std::string_view, 2> beginnings{"output_", "summary_"};
  return std::ranges::find(names, field) != names.end() ||
         std::ranges::any_of(beginnings, [&](auto beginning) { return field.starts_with(beginning); });
}

}  // namespace census::detail
