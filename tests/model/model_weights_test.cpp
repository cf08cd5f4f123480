// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>
#include <census/model/model_weights.hpp>

#include "broken_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

TEST_CASE("a config whose sizes contradict the tensors is refused, naming file, tensor and both shapes") {
  std::string const place = "model.safetensors: tensor \"model.decoder.", asks = "], but config.json asks for [";
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const with = [&](random_model const& other) {
    write_bytes(folder.path() / "config.json", other.config());
    return complaint(folder);
  };
  CHECK(with({.vocabulary = 51}) == place + "embed_tokens.weight\" has the shape [50, 32" + asks + "51, 32]");
  CHECK(with({.positions = 15}) == place + "embed_positions.weight\" has the shape [18, 32" + asks + "17, 32]");
  CHECK(with({.ffn = 71}) == place + "layers.0.fc1.weight\" has the shape [70, 32" + asks + "71, 32]");
  CHECK(with({.hidden = 36}) == place + "embed_tokens.weight\" has the shape [50, 32" + asks + "50, 36]");
  CHECK(with({.layers = 3}) ==
        "model.safetensors: tensor \"model.decoder.layers.2.self_attn.q_proj.weight\" is missing");
  CHECK(with({.more_config = ",\"word_embed_proj_dim\":16"}) ==
        place + "embed_tokens.weight\" has the shape [50, 32" + asks + "50, 16]");
  CHECK(with({.more_config = ",\"tie_word_embeddings\":false"}) ==
        "model.safetensors: tensor \"lm_head.weight\" is missing");
  CHECK(complaint_about_config("{\"model_type\":\"opt\"}") ==
        place + "embed_tokens.weight\" has the shape [50, 32" + asks + "50272, 768]");
}

TEST_CASE("a tensor that the config says the model has not is refused rather than left out of the computation") {
  std::string const place = "model.safetensors: tensor \"model.decoder.", but = " should not be there: ";
  CHECK(complaint_about({.more_config = ",\"enable_bias\":false"}) ==
        place + "layers.0.self_attn.q_proj.bias\"" + but + "enable_bias is false in config.json");
  CHECK(complaint_about({.more_config = ",\"layer_norm_elementwise_affine\":false"}) ==
        place + "final_layer_norm.weight\"" + but + "layer_norm_elementwise_affine is false in config.json");
  CHECK(complaint_about({.more_config = ",\"_remove_final_layer_norm\":true"}) ==
        place + "final_layer_norm.weight\"" + but + "_remove_final_layer_norm is true in config.json");
  CHECK(complaint_about({.more_config = ",\"do_layer_norm_before\":false"}) ==
        place + "final_layer_norm.weight\"" + but + "do_layer_norm_before is false in config.json");
  auto const renamed = [](char const* from, char const* to) {
    return complaint_about_tensor(from, [&](auto& t) { t.name = std::string("model.decoder.") + to; });
  };
  CHECK(renamed("final_layer_norm.bias", "project_in.weight") ==
        place + "project_in.weight\"" + but + "word_embed_proj_dim is hidden_size in config.json");
  CHECK(renamed("final_layer_norm.bias", "something.else") ==
        "model.safetensors: tensor \"model.decoder.final_layer_norm.bias\" is missing");
}

TEST_CASE("a tensor that is missing, or of another shape or type, is named with its file") {
  CHECK(complaint_about_tensor("layers.1.fc2.bias", [](auto& t) { t.name.clear(); }) ==
        "model.safetensors: tensor \"model.decoder.layers.1.fc2.bias\" is missing");
  CHECK(complaint_about_tensor("embed_tokens.weight", [](auto& t) { t.name.clear(); }) ==
        "model.safetensors: tensor \"lm_head.weight\" is missing");
  CHECK(complaint_about_tensor("layers.0.fc1.weight", [](auto& t) { std::swap(t.shape[0], t.shape[1]); }) ==
        "model.safetensors: tensor \"model.decoder.layers.0.fc1.weight\" has the shape [32, 70], but config.json asks "
        "for [70, 32]");
  CHECK(complaint_about_tensor("layers.0.fc1.bias", [](auto& t) { t.dtype = "I32"; }) ==
        "model.safetensors: tensor \"model.decoder.layers.0.fc1.bias\" holds int32; float16, bfloat16 and float32 are "
        "read");
  CHECK(
      complaint_about({.layers = 1}) ==
      "model.safetensors: tensor \"model.decoder.layers.1.fc1.weight\" is one layer too many: num_hidden_layers is 1");
}

TEST_CASE("weights that are not finite are refused when they are read, naming tensor and so layer") {
  auto const nan = [](stored_tensor& t) { t.values.back() = std::numeric_limits<float>::quiet_NaN(); };
  auto const infinite = [](stored_tensor& t) { t.values.back() = std::numeric_limits<float>::infinity(); };
  std::vector const text{text_of({random_sequence(16, 50)})};
  for (std::string const name :
       {"layers.1.fc1.weight", "layers.1.self_attn.k_proj.bias", "layers.1.final_layer_norm.weight",
        "layers.0.fc2.weight", "embed_positions.weight", "embed_tokens.weight"})
    for (auto const& spoil :
         {std::function<void(stored_tensor&)>(nan), std::function<void(stored_tensor&)>(infinite)}) {
      temporary_folder folder;
      write_spoiled(folder, name, spoil);
      auto const model = census::open_model(folder.path());  // opening reads no values
      auto const expected = (folder.path() / "model.safetensors").string() + ": tensor \"model.decoder." + name +
                            "\" holds a value that is NaN or infinite";
      auto const texts = name == "embed_tokens.weight" ? std::vector{text_of({{2, 49}})} : text;
      for (bool const keep_weights : {true, false})
        CHECK(message_of([&] {
                for (auto const& block : census::activations(model, texts, {.keep_weights = keep_weights}))
                  CHECK(block.layer() == 0);
              }) == expected);
      CHECK(message_of([&] {
              for (auto&& layer : census::layers(model, texts))
                for (auto const& block : layer) CHECK(block.layer() == 0);
            }) == expected);
      if (name == "layers.0.fc2.weight") {
        CHECK(message_of([&] { model.updates(0); }) == expected);
        CHECK(message_of([&] { model.update(0, 69); }) == expected);
        CHECK(message_of([&] { model.update(0, 68); }) == "nothing");
      }
      if (name == "embed_tokens.weight") CHECK(message_of([&] { model.embedding(); }) == expected);
    }
}

TEST_CASE("a layer's bytes are those of its tensors, and may be dropped and read again") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  auto const& weights = model.weights();
  std::uint64_t const fc2 = 4 * (32 * 70 + 32), others = 4 * (4 * (32 * 32 + 32) + 4 * 32 + 70 * 32 + 70);
  CHECK(weights.layer_bytes(1) == fc2 + others);
  CHECK(weights.layer_bytes(1, false) == others);
  auto const before = model.updates(1);
  weights.drop(1), weights.drop_embeddings(), weights.advise(1);
  CHECK(model.updates(1) == before);
}

TEST_CASE("a neuron's update is a row of a matrix that is stored [in, out]") {
  auto const model = census::open_model(std::filesystem::path(CENSUS_TEST_DATA) / "gpt2" / "inner");
  std::vector<float> row(36);
  to_float32(model.weights().files().at("transformer.h.1.mlp.c_proj.weight"), 51 * 36, row);
  auto const update = model.update(1, 51);
  CHECK(std::equal(row.begin(), row.end(), update.data(), update.data() + update.size()));
  auto const all = model.updates(1);
  CHECK((all.rows() == 36 && all.cols() == 52));
  CHECK(all.col(51) == update);
}
