// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <functional>
#include <limits>
#include <string>

namespace {

std::string message_of(std::function<void()> const& action) {
  try {
    action();
  } catch (census::bad_input const& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "nothing";
}

// What opening a folder says, the folder's name taken away.
std::string complaint(temporary_folder const& folder) {
  auto message = message_of([&] { census::open_model(folder.path()); });
  auto const place = folder.path().string() + "/";
  return message.starts_with(place) ? message.substr(place.size()) : message;
}
std::string complaint_about_config(std::string const& config) {
  temporary_folder folder;
  random_model{}.write(folder.path());
  write_bytes(folder.path() / "config.json", config);
  return complaint(folder);
}
std::string complaint_about(random_model const& model) { return complaint_about_config(model.config()); }

// Writes a random model whose tensor of that name is spoiled.
void write_spoiled(temporary_folder const& folder, std::string const& name,
                   std::function<void(stored_tensor&)> const& spoil) {
  random_model const model;
  model.write(folder.path());
  auto tensors = model.tensors();
  auto const found = std::ranges::find(tensors, "model.decoder." + name, &stored_tensor::name);
  REQUIRE(found != tensors.end());
  spoil(*found);
  if (found->name.empty()) tensors.erase(found);
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes(tensors));
}
std::string complaint_about_tensor(std::string const& name, std::function<void(stored_tensor&)> const& spoil) {
  temporary_folder folder;
  write_spoiled(folder, name, spoil);
  return complaint(folder);
}

}  // namespace

TEST_CASE("a folder or a config.json that is not there is named") {
  CHECK(message_of([] { census::open_model("/nowhere/at/all"); }) == "/nowhere/at/all: there is no such folder");
  temporary_folder folder;
  CHECK(complaint(folder) == "config.json: cannot be opened: No such file or directory");
  write_bytes(folder.path() / "config.json", random_model{}.config());
  CHECK(complaint(folder).starts_with(folder.path().string() + ": holds no model.safetensors"));
}

TEST_CASE("a config.json that is malformed is refused") {
  CHECK(complaint_about_config("{\"hidden_size\": 3").starts_with("config.json: malformed JSON at byte "));
  CHECK(complaint_about_config("").starts_with("config.json: malformed JSON at byte "));
  CHECK(complaint_about_config("[1]") == "config.json: is no JSON object");
  CHECK(complaint_about({.more_config = ",\"ffn_dim\":70"}) == "config.json: the JSON has the key \"ffn_dim\" twice");
}

TEST_CASE("a field that is out of range is named") {
  CHECK(complaint_about({.hidden = 0}) == "config.json: hidden_size is 0, which is no whole number from 1 to 1048576");
  CHECK(complaint_about({.heads = 3}) ==
        "config.json: num_attention_heads is 3, which does not divide hidden_size, 32");
  CHECK(complaint_about({.heads = 64}) ==
        "config.json: num_attention_heads is 64, which is no whole number from 1 to 32");
  CHECK(complaint_about({.vocabulary = 99999999999}).find("vocab_size is 99999999999, which is no") !=
        std::string::npos);
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":50"}) ==
        "config.json: bos_token_id is 50, which is no whole number from 0 to 49");
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":-1"}).find("bos_token_id is -1") != std::string::npos);
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":1.5"}).find("bos_token_id is 1.5") != std::string::npos);
  CHECK(complaint_about({.more_config = ",\"enable_bias\":\"yes\""}) ==
        "config.json: enable_bias is \"yes\", which is neither true nor false");
}

TEST_CASE("a family that is not read, or an activation function that is not computed, is refused by name") {
  CHECK(complaint_about_config("{\"model_type\":\"llama\"}") ==
        "config.json: model_type is \"llama\"; these families are read: opt, gpt2");
  CHECK(complaint_about_config("{}") == "config.json: model_type is missing; these families are read: opt, gpt2");
  CHECK(
      complaint_about({.more_config = ",\"activation_function\":\"mish\""}) ==
      "config.json: activation_function is \"mish\"; relu, gelu, gelu_new, gelu_pytorch_tanh, silu and swish are those "
      "that are computed");
  CHECK(complaint_about(
            {.more_config = ",\"activation_function\":null,\"enable_bias\":true,\"word_embed_proj_dim\":null"}) ==
        "nothing");
}

TEST_CASE("what an architecture has beyond the forward pass is refused by name") {
  census::architecture const computed{.hidden_size = 32, .heads = 4, .key_value_heads = 4, .head_size = 8};
  auto const complaint = [&](std::function<void(census::architecture&)> const& change) {
    auto changed = computed;
    change(changed);
    return message_of([&] { check_is_computed(changed, "config.json"); });
  };
  auto const has = [](char const* what) {
    return std::string("config.json: the model has ") + what + ", which is not computed";
  };
  CHECK(complaint([](auto&) {}) == "nothing");
  CHECK(complaint([](auto& a) { a.norms.is = census::norm_settings::kind::rms; }) == has("RMS norms"));
  CHECK(complaint([](auto& a) { a.norms.shifts = false; }) == has("norms with gains or shifts alone"));
  CHECK(complaint([](auto& a) { a.positions.are = census::position_settings::kind::rotary; }) ==
        has("rotary positions"));
  CHECK(complaint([](auto& a) { a.positions.are = census::position_settings::kind::none; }) == has("no positions"));
  CHECK(complaint([](auto& a) { a.key_value_heads = 1; }) == has("fewer heads of keys and values than of queries"));
  CHECK(complaint([](auto& a) { a.head_size = 16; }) ==
        has("heads that together are not as wide as the residual stream"));
  CHECK(complaint([](auto& a) { a.gated = true; }) == has("a gated feed-forward block"));
  CHECK(complaint([](auto& a) { a.parallel_residual = true; }) == has("attention and feed-forward block side by side"));
}

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

TEST_CASE("an activation that is NaN is refused, naming layer, document and token") {
  temporary_folder folder;  // finite weights whose sums are not
  write_spoiled(folder, "layers.1.self_attn.v_proj.weight", [](auto& t) { std::ranges::fill(t.values, 3e38f); });
  auto const model = census::open_model(folder.path());
  std::vector const text{text_of({random_sequence(3, 50), random_sequence(4, 50)})};
  auto activations = census::activations(model, text);
  auto const read_activations = [&] {
    for (auto const& block : activations) CHECK(block.layer() == 0);
  };
  auto const message = message_of(read_activations);
  CHECK(message == "layer 1, document 0, piece 0, token 0: the activation is NaN");
  CHECK_THROWS_AS(read_activations(), std::logic_error);
  auto layers = census::layers(model, text);
  auto const read_all = [&] {
    for (auto&& layer : layers)
      for (auto const& block : layer) CHECK(block.layer() == 0);
  };
  CHECK(message_of(read_all) == message);
  CHECK_THROWS_AS(read_all(), std::logic_error);  // half of a layer cannot be taken back
}

TEST_CASE(
    "a token outside the vocabulary and a sequence longer than the positions are refused before anything is computed") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  std::vector const strange{text_of({{2, 3}, {2, 3, 50}})};
  CHECK(message_of([&] { census::activations(model, strange); }) ==
        "document 1, piece 0, token 2: the id 50 is outside the vocabulary of 50 tokens");
  std::vector const long_one{text_of({random_sequence(17, 50)})};
  CHECK(message_of([&] { census::layers(model, long_one); }) ==
        "document 0, piece 0: the sequence has 17 tokens, but the model only 16 positions");
  CHECK(message_of([&] {
          census::activations(model, {text_of({{2}})}, {.layers = {1, 3}});
        }) == "layers 1:3: the model has layers 0:2");
  CHECK(message_of([&] {
          census::activations(model, {text_of({{2}})}, {.layers = {1, 1}});
        }) == "layers 1:1: the range is empty");
}
