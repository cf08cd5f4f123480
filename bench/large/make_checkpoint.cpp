// SPDX-License-Identifier: MIT
// Writes an OPT checkpoint of any size with random float16 weights, sharded as published ones are: to see how a census
// of a large model behaves where no large model is at hand. Its activations mean nothing.
#include <census/archive/safetensors_writer.hpp>
#include <census/archive/whole_file.hpp>

#include <CLI/CLI.hpp>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using declaration = census::safetensors_writer::declaration;

/// The nearest float16, for finite values within its normal range; smaller ones become 0.
std::uint16_t to_float16(float value) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value) + 0x1000;  // round half up in the last place
  auto const exponent = static_cast<int>(bits >> 23 & 0xff) - 127 + 15;
  auto const sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  return exponent <= 0 ? sign : static_cast<std::uint16_t>(sign | exponent << 10 | (bits >> 13 & 0x3ff));
}

/// Normal values, drawn once; a tensor is made of slices of them at random places, which is as fast as the disk.
struct pool {
  std::vector<std::uint16_t> values = std::vector<std::uint16_t>(1 << 22);
  std::mt19937_64 random{1};
  explicit pool(float deviation, float mean = 0) {
    std::normal_distribution<float> normal(mean, deviation);
    for (auto& value : values) value = to_float16(normal(random));
  }
  void write(census::safetensors_writer& file, declaration const& tensor) {
    std::uint64_t left = 1;
    for (auto const extent : tensor.shape) left *= extent;
    while (left > 0) {
      std::uint64_t const slice = std::min<std::uint64_t>(left, 1 << 14), from = random() % (values.size() - slice);
      file.append(tensor.name, std::span<std::uint16_t const>(&values[from], slice));
      left -= slice;
    }
  }
};

}  // namespace

int main(int argc, char** argv) try {
  std::uint64_t hidden = 5120, layers = 40, heads = 40, vocabulary = 50272, positions = 2048, layers_a_shard = 10;
  std::string out, tokenizer;
  CLI::App app{"Writes an OPT checkpoint with random float16 weights, ffn_dim = 4 x hidden; 13b's shape unless told"};
  app.add_option("--out", out, "The folder to write")->required();
  app.add_option("--tokenizer", tokenizer, "A folder whose vocab.json and merges.txt to copy")->required();
  app.add_option("--hidden", hidden)->capture_default_str();
  app.add_option("--layers", layers)->capture_default_str();
  app.add_option("--heads", heads)->capture_default_str();
  app.add_option("--vocabulary", vocabulary)->capture_default_str();
  app.add_option("--positions", positions)->capture_default_str();
  app.add_option("--layers-a-shard", layers_a_shard)->capture_default_str()->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  fs::create_directories(out);
  for (auto const* file : {"vocab.json", "merges.txt"})
    fs::copy_file(fs::path(tokenizer) / file, fs::path(out) / file, fs::copy_options::overwrite_existing);

  std::uint64_t const ffn = 4 * hidden;
  std::string const decoder = "model.decoder.";
  auto const norm = [&](std::string const& name) {
    return std::vector<declaration>{{name + ".weight", "F16", {hidden}}, {name + ".bias", "F16", {hidden}}};
  };
  auto const linear = [&](std::string const& name, std::uint64_t rows, std::uint64_t columns) {
    return std::vector<declaration>{{name + ".weight", "F16", {rows, columns}}, {name + ".bias", "F16", {rows}}};
  };
  std::vector<std::vector<declaration>> shards(1);
  auto const add = [&](std::vector<declaration> const& tensors) {
    shards.back().insert(shards.back().end(), tensors.begin(), tensors.end());
  };
  add({{decoder + "embed_tokens.weight", "F16", {vocabulary, hidden}},
       {decoder + "embed_positions.weight", "F16", {positions + 2, hidden}}});
  add(norm(decoder + "final_layer_norm"));
  for (std::uint64_t layer = 0; layer < layers; ++layer) {
    if (layer % layers_a_shard == 0 && layer > 0) shards.emplace_back();
    std::string const prefix = decoder + "layers." + std::to_string(layer) + ".";
    for (auto const* name : {"q_proj", "k_proj", "v_proj", "out_proj"})
      add(linear(prefix + "self_attn." + name, hidden, hidden));
    add(norm(prefix + "self_attn_layer_norm"));
    add(norm(prefix + "final_layer_norm"));
    add(linear(prefix + "fc1", ffn, hidden));
    add(linear(prefix + "fc2", hidden, ffn));
  }

  pool weights(0.02f), gains(0.02f, 1.f);
  nlohmann::ordered_json index{{"metadata", nlohmann::ordered_json::object()},
                               {"weight_map", nlohmann::ordered_json::object()}};
  for (std::size_t s = 0; s < shards.size(); ++s) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", s + 1, shards.size());
    census::safetensors_writer file(fs::path(out) / name, shards[s]);
    for (auto const& tensor : shards[s]) {
      bool const gain = tensor.name.ends_with("norm.weight");
      (gain ? gains : weights).write(file, tensor);
      index["weight_map"][tensor.name] = name;
    }
    file.commit();
    std::cerr << name << '\n';
  }
  census::whole_file index_file(fs::path(out) / "model.safetensors.index.json"), config(fs::path(out) / "config.json");
  index_file.stream() << index.dump(1) << '\n';
  config.stream() << nlohmann::ordered_json{{"model_type", "opt"},
                                            {"vocab_size", vocabulary},
                                            {"hidden_size", hidden},
                                            {"word_embed_proj_dim", hidden},
                                            {"num_hidden_layers", layers},
                                            {"num_attention_heads", heads},
                                            {"ffn_dim", ffn},
                                            {"max_position_embeddings", positions},
                                            {"do_layer_norm_before", true},
                                            {"activation_function", "relu"},
                                            {"bos_token_id", 2}}
                         .dump(1)
                  << '\n';
  index_file.commit();
  config.commit();
  return 0;
} catch (std::exception const& error) {
  std::cerr << "make_checkpoint: " << error.what() << '\n';
  return 2;
}
