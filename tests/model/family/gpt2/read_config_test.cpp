// SPDX-License-Identifier: MIT
#include <census/model/family/gpt2/read_config.hpp>
#include <census/model/open_model.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>
#include <weights/checkpoint_files.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;

fs::path const gpt2_folders = fs::path(CENSUS_TEST_DATA) / "gpt2";

// What is said of a folder's config.json, or of its tensors, after "FILE: "; nothing where it can be opened.
std::string gpt2_complaint(fs::path const& folder) {
  try {
    census::open_model(folder);
  } catch (census::bad_input const& error) {
    return std::string(error.what()).substr(folder.string().size() + 1);
  }
  return "nothing";
}

// What is said of the fixture "plain" once a field of its config is changed.
std::string complaint_with(char const* field, nlohmann::json const& value) {
  temporary_folder const folder;
  fs::copy_file(gpt2_folders / "plain/model.safetensors", folder.path() / "model.safetensors");
  auto config = nlohmann::json::parse(census::read_file(gpt2_folders / "plain/config.json"));
  config[field] = value;
  write_bytes(folder.path() / "config.json", config.dump());
  return gpt2_complaint(folder.path());
}

}  // namespace

TEST_CASE("what a GPT-2's config leaves out is as transformers takes it") {
  temporary_folder const folder;
  auto const of = [&](std::string const& config) {
    write_bytes(folder.path() / "config.json", config);
    return census::describe_model(folder.path()).architecture;
  };
  auto const a = of("{\"model_type\":\"gpt2\"}");
  CHECK((a.vocabulary_size == 50257 && a.hidden_size == 768 && a.layers == 12 && a.heads == 12 && a.head_size == 64));
  CHECK((a.ffn_size == 3072 && a.max_positions == 1024 && a.positions.offset == 0 && a.bos == 50256u && a.tied));
  CHECK((a.activation == census::activation_function::gelu_tanh && a.norms.epsilon == 1e-5f && a.final_norm));
  CHECK(of("{\"model_type\":\"gpt2\",\"n_embd\":48,\"n_inner\":null}").ffn_size == 192);
  CHECK(of("{\"model_type\":\"gpt2\",\"n_ctx\":512}").max_positions == 512);
  CHECK(of("{\"model_type\":\"gpt2\",\"layer_norm_epsilon\":1e-6}").norms.epsilon == 1e-6f);
  CHECK_FALSE(of("{\"model_type\":\"gpt2\",\"bos_token_id\":null}").bos.has_value());
  CHECK_FALSE(a.pad.has_value());
}

TEST_CASE("a GPT-2's sizes are read by the names that transformers takes for them as well") {
  temporary_folder const folder;
  auto const of = [&](nlohmann::json config) {
    config["model_type"] = "gpt2";
    write_bytes(folder.path() / "config.json", config.dump());
    return census::describe_model(folder.path());
  };
  auto const described = of({{"hidden_size", 1024},
                             {"num_attention_heads", 16},
                             {"num_hidden_layers", 24},
                             {"max_position_embeddings", 512},
                             {"n_ctx", 256}});
  auto const& a = described.architecture;
  CHECK((a.hidden_size == 1024 && a.ffn_size == 4096 && a.heads == 16 && a.layers == 24 && a.max_positions == 512));
  CHECK(described.ignored.empty());
  CHECK(of({{"n_embd", 1024}, {"n_head", 16}, {"num_attention_heads", 16}}).architecture.heads == 16);
  CHECK(of({{"n_embd", 1024}, {"n_head", 16}, {"num_attention_heads", nullptr}}).architecture.heads == 16);

  CHECK(complaint_with("num_attention_heads", 12) ==
        "config.json: n_head is 4, but num_attention_heads, another name for it, is 12");
  CHECK(complaint_with("num_attention_heads", 4) == "nothing");
  CHECK(complaint_with("hidden_size", 64) == "config.json: n_embd is 32, but hidden_size, another name for it, is 64");
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"gpt2\",\"hidden_size\":64,\"num_attention_heads\":12}");
  CHECK(gpt2_complaint(folder.path()) ==
        "config.json: num_attention_heads is 12, which does not divide hidden_size, 64");
}

TEST_CASE("what a GPT-2's config asks for and is not computed is refused by name") {
  CHECK(complaint_with("reorder_and_upcast_attn", true) == "nothing");
  CHECK(complaint_with("scale_attn_weights", false) ==
        "config.json: scale_attn_weights is false, which is not computed");
  for (std::string const field : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"})
    CHECK(complaint_with(field.c_str(), true) == "config.json: " + field + " is true, which is not computed");
  for (nlohmann::json const& epsilon :
       {nlohmann::json(0), nlohmann::json(-1e-5), nlohmann::json(1e-60), nlohmann::json(2), nlohmann::json("1")})
    CHECK(complaint_with("layer_norm_epsilon", epsilon) == "config.json: layer_norm_epsilon is " + epsilon.dump() +
                                                               ", which is no number above 0 and below 1 in float32");
}

TEST_CASE("a BOS outside the vocabulary is told") {
  auto const outside = [](char const* id) {
    return std::string("config.json: bos_token_id, or what stands for it where it is missing, is ") + id +
           ", outside the vocabulary of 61 tokens";
  };
  CHECK(complaint_with("bos_token_id", 61) == outside("61"));
  temporary_folder const folder;
  fs::copy_file(gpt2_folders / "plain/model.safetensors", folder.path() / "model.safetensors");
  auto config = nlohmann::json::parse(census::read_file(gpt2_folders / "plain/config.json"));
  config.erase("bos_token_id");
  write_bytes(folder.path() / "config.json", config.dump());
  CHECK(gpt2_complaint(folder.path()) == outside("50256"));
  CHECK_FALSE(census::describe_model(folder.path()).architecture.bos.has_value());
}

TEST_CASE("a GPT-2's tensors are named as they are published, shapes as they are stored") {
  std::string const place = "model.safetensors: tensor \"transformer.";
  CHECK(complaint_with("n_inner", 100) ==
        place + "h.0.mlp.c_fc.weight\" has the shape [32, 128], but config.json asks for [32, 100]");
  CHECK(complaint_with("n_layer", 1) == place + "h.1.mlp.c_fc.weight\" is one layer too many: n_layer is 1");
  CHECK(complaint_with("n_layer", 3) == place + "h.2.attn.c_attn.weight\" is missing");
  CHECK(complaint_with("n_positions", 71) ==
        place + "wpe.weight\" has the shape [70, 32], but config.json asks for [71, 32]");
}
