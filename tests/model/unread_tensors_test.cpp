// SPDX-License-Identifier: MIT
#include <census/ignored.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>

#include "block_bits.hpp"
#include "random_model.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// A model with more tensors than it reads, opened.
struct extended_model {
  temporary_folder folder;
  std::string file = folder / "model.safetensors";

  explicit extended_model(std::vector<stored_tensor> const& more = {}, std::string const& prefix = {},
                          random_model const& model = {}) {
    model.write(folder.path());
    auto tensors = model.tensors();
    for (auto& tensor : tensors) tensor.name.insert(0, prefix);
    tensors.insert(tensors.end(), more.begin(), more.end());
    write_bytes(file, safetensors_bytes(tensors));
  }
  std::string complaint() const {
    return census_test::complaint_about(file, [&] { census::open_model(folder.path()); });
  }
  std::vector<census::ignored::kind> ignored() const {
    auto const told = census::open_model(folder.path()).ignored();
    return {told.kinds().begin(), told.kinds().end()};
  }
};

std::string const q_proj = "model.decoder.layers.1.self_attn.q_proj";

}  // namespace

TEST_CASE("a model all of whose tensors are read ignores nothing") { CHECK(extended_model().ignored().empty()); }

TEST_CASE("weights beside the base, of an adapter or quantised, are refused by name") {
  auto const refused = [](std::string const& name, std::string const& cause) {
    CAPTURE(name);
    CHECK(extended_model({{name, {1}, {0}}}).complaint().starts_with("tensor \"" + name + "\" is " + cause));
  };
  for (std::string const& name :
       {q_proj + ".lora_A.weight", q_proj + ".lora_B.default.weight", q_proj + ".lora_magnitude_vector",
        std::string("lora_A"), std::string("model.decoder.embed_tokens.lora_embedding_A.default"),
        std::string("model.decoder.layers.0.fc1.ia3_l"),
        std::string("base_model.model.model.decoder.layers.0.fc1.lora_A.weight"),
        std::string("model.decoder.layers.0.adapter_down.weight")})
    refused(name, "of an adapter that is not merged");
  for (std::string const& name : {q_proj + ".weight_scale", q_proj + ".qweight", q_proj + ".base_layer.weight",
                                  q_proj + ".weight.absmax", std::string("model.decoder.embed_positions.scale"),
                                  std::string("model.decoder.layers.0.final_layer_norm.bias_k")})
    refused(name, "not computed, and changes what");
}

TEST_CASE("other tensors that nothing reads are counted and named") {
  extended_model const model({{"score.weight", {1}, {0}},
                              {"model.decoder.version", {1}, {0}},
                              {"model.decoder.layers.0.self_attn.rotary_emb.inv_freq", {1}, {0}},
                              {"decoder.layers.0.fc1.weight", {1}, {0}},
                              {"newer", {3}, {0}, "F4"}});
  auto const told = model.ignored();
  REQUIRE(told.size() == 1);
  CHECK(told[0].what == "tensors that the model does not read");
  CHECK(told[0].count == 5);
  CHECK(told[0].places[0] == model.file + ": tensor \"decoder.layers.0.fc1.weight\"");
}

TEST_CASE("a tensor of a newer type that the model needs is named, with what is read") {
  extended_model const model;
  auto tensors = random_model{}.tensors();
  auto& first = tensors.front();
  first.dtype = "F4";
  write_bytes(model.file, safetensors_bytes(tensors));
  CHECK(model.complaint() ==
        "tensor \"" + first.name + "\" holds a type that is not known; float16, bfloat16 and float32 are read");
}

TEST_CASE("names may begin as wrappers of PyTorch store them, and the same weights are read") {
  extended_model const plain;
  auto const expected = census::open_model(plain.folder.path());
  for (std::string const prefix : {"module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."}) {
    CAPTURE(prefix);
    extended_model const wrapped({}, prefix);
    auto const model = census::open_model(wrapped.folder.path());
    CHECK(model.ignored().empty());
    CHECK(model.updates(1) == expected.updates(1));
    CHECK(model.embedding() == expected.embedding());
  }
  extended_model const untied({{"module.lm_head.weight", {50, 32}, std::vector<float>(50 * 32, 0.5f)}}, "module.",
                              {.more_config = ",\"tie_word_embeddings\":false"});
  CHECK(census::open_model(untied.folder.path()).embedding()(49, 31) == 0.5f);
}

TEST_CASE("an output embedding that differs from the one it is tied to is told") {
  auto const tensors = random_model{}.tensors();
  auto const& embedding = *std::ranges::find(tensors, "model.decoder.embed_tokens.weight", &stored_tensor::name);
  stored_tensor head{"lm_head.weight", embedding.shape, embedding.values};
  CHECK(extended_model({head}).ignored().empty());
  head.values.back() += 1;
  auto const told = extended_model({head}).ignored();
  REQUIRE(told.size() == 1);
  CHECK(told[0].what == "output embeddings that differ from the input's, to which config.json ties them");
}

TEST_CASE("settings that nothing reads are told, those that change nothing are not") {
  extended_model const model(
      {}, "",
      {.more_config =
           R"(,"sliding_window":7,"rope_scaling":null,"pruned_heads":{},"attention_dropout":0.1,"top_k":5)"});
  auto const told = model.ignored();
  REQUIRE(told.size() == 1);
  CHECK(told[0].what == "settings of config.json that nothing reads");
  CHECK(told[0].places == std::vector{model.folder / "config.json" + ": \"sliding_window\""});

  extended_model const quantised({}, "", {.more_config = R"(,"quantization_config":{"bits":4})"});
  CHECK_THROWS_WITH(census::open_model(quantised.folder.path()),
                    Catch::Contains("config.json: quantization_config asks for quantised weights"));
}

TEST_CASE("a checkpoint that changes under a model is refused at the next weights that are read") {
  extended_model const files;
  auto const model = census::open_model(files.folder.path());
  CHECK_NOTHROW(model.updates(0));
  std::filesystem::resize_file(files.file, 4096);
  auto const told = [&](auto read) { return census_test::complaint_about(files.file, read); };
  std::string const changed = "the file changed while it was read";
  CHECK(told([&] { model.updates(0); }) == changed);
  CHECK(told([&] { model.update(0, 0); }) == changed);
  CHECK(told([&] { model.embedding(); }) == changed);
  CHECK(told([&] { model.final_gain(); }) == changed);
  CHECK(told([&] { model.weights().read_embeddings([](auto const&) {}); }) == changed);
  CHECK(told([&] {
          census::layer_weights layer;
          model.weights().load(1, true, layer);
        }) == changed);
}

TEST_CASE("a checkpoint that is overwritten behind the last layer that is read is refused at the next text") {
  extended_model const files;
  auto const model = census::open_model(files.folder.path());
  auto pass = census::layers(model, three_texts(), {.layers = {0, 1}});
  auto const layer = pass.begin();
  auto block = (*layer).begin();
  CHECK((*block).layer() == 0);
  auto const time = std::filesystem::last_write_time(files.file);
  std::filesystem::last_write_time(files.file, time + std::chrono::seconds(2));
  CHECK(census_test::complaint_about(files.file, [&] {
          while (block != (*layer).end()) ++block;
        }) == "the file changed while it was read");
}

TEST_CASE("rows of embeddings that were read while the checkpoint changed are refused, whatever else was wrong") {
  std::string const changed = "the file changed while it was read";
  for (bool const holds_nan : {false, true}) {
    extended_model const files;
    auto const model = census::open_model(files.folder.path());
    CHECK(census_test::complaint_about(files.file, [&] {
            model.weights().read_embeddings([&](auto const& rows) {
              std::vector<float> row(model.architecture().hidden_size);
              rows.read_token(0, row);
              std::filesystem::resize_file(files.file, std::filesystem::file_size(files.file) + 1);
              if (holds_nan) throw census::bad_input(files.file, "holds a value that is NaN or infinite");
            });
          }) == changed);
  }
}
