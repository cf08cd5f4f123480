// SPDX-License-Identifier: MIT
// A small OPT with random parameters, as files that a test may spoil before it opens them.
#pragma once

#include <weights/checkpoint_files.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

struct random_model {
  std::size_t hidden = 32, heads = 4, ffn = 70, layers = 2, vocabulary = 50, positions = 16;
  std::size_t embedding = 0;  ///< word_embed_proj_dim where it is not 0: then there are projections
  bool norm_first = true;
  std::string activation = "relu";
  std::string more_config = {};  ///< fields put behind the others, each with a comma in front
  float fc1_bias = 0;            ///< what fc1's biases lie around: the lower, the fewer neurons fire

  std::string config() const {
    return "{\"model_type\":\"opt\",\"vocab_size\":" + std::to_string(vocabulary) +
           ",\"hidden_size\":" + std::to_string(hidden) + ",\"num_hidden_layers\":" + std::to_string(layers) +
           ",\"num_attention_heads\":" + std::to_string(heads) + ",\"ffn_dim\":" + std::to_string(ffn) +
           ",\"max_position_embeddings\":" + std::to_string(positions) +
           (embedding == 0 ? "" : ",\"word_embed_proj_dim\":" + std::to_string(embedding)) +
           (norm_first ? "" : ",\"do_layer_norm_before\":false") +
           (activation == "relu" ? "" : ",\"activation_function\":\"" + activation + "\"") + more_config + "}";
  }

  std::vector<stored_tensor> tensors() const {
    std::mt19937 random(1);
    auto const uniform = [&](float size) { return size * (static_cast<float>(random() >> 8) / (1 << 23) - 1); };
    std::vector<stored_tensor> all;
    auto const add = [&](std::string const& name, std::vector<std::size_t> shape, float centre, float size) {
      std::size_t count = 1;
      for (auto const extent : shape) count *= extent;
      std::vector<float> values(count);
      for (float& v : values) v = centre + uniform(size);
      all.push_back({"model.decoder." + name, std::move(shape), std::move(values)});
    };
    auto const linear = [&](std::string const& name, std::size_t out, std::size_t in, float bias = 0) {
      add(name + ".weight", {out, in}, 0, 2 / std::sqrt(static_cast<float>(in)));
      add(name + ".bias", {out}, bias, 0.5f);
    };
    auto const norm = [&](std::string const& name) {
      add(name + ".weight", {hidden}, 1, 0.5f);
      add(name + ".bias", {hidden}, 0, 0.5f);
    };
    add("embed_tokens.weight", {vocabulary, embedding == 0 ? hidden : embedding}, 0, 1.5f);
    add("embed_positions.weight", {positions + 2, hidden}, 0, 1);
    if (norm_first) norm("final_layer_norm");
    if (embedding != 0) add("project_in.weight", {hidden, embedding}, 0, 0.5f);
    if (embedding != 0) add("project_out.weight", {embedding, hidden}, 0, 0.5f);
    for (std::size_t l = 0; l < layers; ++l) {
      auto const layer = "layers." + std::to_string(l) + ".";
      for (auto const* name : {"q_proj", "k_proj", "v_proj", "out_proj"})
        linear(layer + "self_attn." + name, hidden, hidden);
      norm(layer + "self_attn_layer_norm");
      norm(layer + "final_layer_norm");
      linear(layer + "fc1", ffn, hidden, fc1_bias);
      linear(layer + "fc2", hidden, ffn);
    }
    return all;
  }

  void write(std::filesystem::path const& folder) const {
    write_bytes(folder / "config.json", config());
    write_bytes(folder / "model.safetensors", safetensors_bytes(tensors()));
  }
};
