// SPDX-License-Identifier: MIT
// A random model of OPT-125m's shape and random text for it: what the benchmarks of the forward pass run on.
#pragma once

#include <census/activation/text_list.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/archive/whole_file.hpp>
#include <census/model/open_model.hpp>

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <vector>

/// What may be chosen of a random OPT; unless told, OPT-125m's shape.
struct random_shape {
  std::size_t vocabulary_size = 50272, hidden_size = 768, layers = 12, heads = 12, ffn_size = 3072;
  std::size_t max_positions = 2048;
};

/// Writes the model, opens it and takes its files away again: they stay mapped. Where `firing` is not 0, fc1's biases
/// are moved so that about this share of the neurons fires, else every second does: behind a norm without parameters of
/// its own, and with normal weights, a pre-activation is normal.
inline census::model random_opt(random_shape const& c, double firing) {
  namespace fs = std::filesystem;
  using declaration = census::safetensors_writer::declaration;
  fs::path const folder = fs::temp_directory_path() / ("census-bench-" + std::to_string(::getpid()));
  fs::create_directories(folder);

  constexpr float deviation = 0.02f;
  double quantile = 0;  // of the normal distribution, by bisection
  for (double low = -10, high = 10; firing > 0 && high - low > 1e-9;)
    (std::erfc((quantile = (low + high) / 2) / std::sqrt(2.)) / 2 > firing ? low : high) = quantile;
  auto const shift = static_cast<float>(-quantile * deviation * std::sqrt(static_cast<double>(c.hidden_size)));

  struct filled {
    declaration tensor;
    float mean, deviation;
  };
  std::vector<filled> all;
  auto const add = [&](std::string const& name, std::vector<std::uint64_t> shape, float mean, float spread) {
    all.push_back({{"model.decoder." + name, "F32", std::move(shape)}, mean, spread});
  };
  auto const norm = [&](std::string const& name) {
    add(name + ".weight", {c.hidden_size}, 1, 0), add(name + ".bias", {c.hidden_size}, 0, 0);
  };
  auto const linear = [&](std::string const& name, std::size_t out, std::size_t in, float bias) {
    add(name + ".weight", {out, in}, 0, deviation), add(name + ".bias", {out}, bias, deviation);
  };
  add("embed_tokens.weight", {c.vocabulary_size, c.hidden_size}, 0, deviation);
  add("embed_positions.weight", {c.max_positions + 2, c.hidden_size}, 0, deviation);
  norm("final_layer_norm");
  for (std::size_t layer = 0; layer < c.layers; ++layer) {
    std::string const prefix = "layers." + std::to_string(layer) + ".";
    for (auto const* name : {"q_proj", "k_proj", "v_proj", "out_proj"})
      linear(prefix + "self_attn." + name, c.hidden_size, c.hidden_size, 0);
    norm(prefix + "self_attn_layer_norm"), norm(prefix + "final_layer_norm");
    linear(prefix + "fc1", c.ffn_size, c.hidden_size, shift), linear(prefix + "fc2", c.hidden_size, c.ffn_size, 0);
  }

  std::vector<declaration> tensors;
  for (auto const& one : all) tensors.push_back(one.tensor);
  census::safetensors_writer file(folder / "model.safetensors", tensors);
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> pool(1 << 22), slice(1 << 14);  // drawn once; tensors are slices of it at random places
  for (float& value : pool) value = normal(random);
  for (auto const& [tensor, mean, spread] : all) {
    std::uint64_t left = 1;
    for (auto const extent : tensor.shape) left *= extent;
    for (; left > 0; left -= slice.size()) {
      slice.resize(std::min<std::uint64_t>(left, 1 << 14));
      float const* from = &pool[random() % (pool.size() - slice.size())];
      for (float& value : slice) value = mean + spread * *from++;
      file.append(tensor.name, std::span<float const>(slice));
    }
    slice.resize(1 << 14);
  }
  file.commit();
  census::whole_file config(folder / "config.json");
  config.stream() << nlohmann::json{{"model_type", "opt"},
                                    {"vocab_size", c.vocabulary_size},
                                    {"hidden_size", c.hidden_size},
                                    {"num_hidden_layers", c.layers},
                                    {"num_attention_heads", c.heads},
                                    {"ffn_dim", c.ffn_size},
                                    {"max_position_embeddings", c.max_positions}};
  config.commit();
  auto opened = census::open_model(folder);
  fs::remove_all(folder);
  return opened;
}

/// Texts of at most 8192 rows: `sequences` sequences of `context` tokens, BOS and then tokens by Zipf's law.
inline census::text_list random_texts(census::architecture const& c, std::size_t sequences, std::size_t context,
                                      std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit;
  std::vector<census::shared_text> texts;
  census::text_rows text;
  for (std::size_t s = 0; s < sequences; ++s) {
    text.sequences.push_back({.document = s,
                              .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                              .length = static_cast<std::uint32_t>(context),
                              .full = true,
                              .has_bos = true});
    text.tokens.push_back(*c.bos);
    for (std::size_t p = 1; p < context; ++p)
      text.tokens.push_back(
          static_cast<census::token_id>(std::pow(static_cast<double>(c.vocabulary_size), unit(random))) - 1);
    if (s + 1 == sequences || text.tokens.size() + context > 8192)
      texts.push_back(census::share(std::move(text))), text = {};
  }
  return census::text_list(std::move(texts));
}
