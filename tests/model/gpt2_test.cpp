// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>
#include <census/read_file.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>
#include <weights/checkpoint_files.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

fs::path const fixtures = fs::path(CENSUS_TEST_DATA) / "gpt2";

// What is said of a folder's config.json, or of its tensors, after "FILE: "; nothing where it can be opened.
std::string complaint(fs::path const& folder) {
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
  fs::copy_file(fixtures / "plain/model.safetensors", folder.path() / "model.safetensors");
  auto config = nlohmann::json::parse(census::read_file(fixtures / "plain/config.json"));
  config[field] = value;
  write_bytes(folder.path() / "config.json", config.dump());
  return complaint(folder.path());
}

// As numpy.save writes ids.
std::string npy(std::vector<std::uint16_t> const& ids) {
  std::string header = "{'descr': '<u2', 'fortran_order': False, 'shape': (" + std::to_string(ids.size()) + ",), }";
  header.append(117 - header.size(), ' ').append("\n");
  std::string bytes = "\x93NUMPY\x01" + std::string{'\0', static_cast<char>(header.size()), '\0'} + header;
  for (auto const id : ids) bytes.append({static_cast<char>(id & 255), static_cast<char>(id >> 8)});
  return bytes;
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
}

TEST_CASE("what a GPT-2's config asks for and is not computed is refused by name") {
  CHECK(complaint_with("reorder_and_upcast_attn", true) == "nothing");
  CHECK(complaint_with("scale_attn_weights", false) ==
        "config.json: scale_attn_weights is false, which is not computed");
  for (std::string const field : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"})
    CHECK(complaint_with(field.c_str(), true) == "config.json: " + field + " is true, which is not computed");
  for (nlohmann::json const& epsilon :
       {nlohmann::json(0), nlohmann::json(-1e-5), nlohmann::json(2), nlohmann::json("1")})
    CHECK(complaint_with("layer_norm_epsilon", epsilon) ==
          "config.json: layer_norm_epsilon is " + epsilon.dump() + ", which is no number above 0 and below 1");
}

TEST_CASE("a BOS outside the vocabulary is told") {
  CHECK(complaint_with("bos_token_id", 61) == "config.json: bos_token_id is 61, which is no whole number from 0 to 60");
  temporary_folder const folder;
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"gpt2\",\"vocab_size\":61}");
  CHECK(complaint(folder.path()) == "config.json: bos_token_id is missing, and 50256 is outside the vocabulary");
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

TEST_CASE("a neuron's update is a row of a matrix that is stored [in, out]") {
  auto const model = census::open_model(fixtures / "inner");
  std::vector<float> row(36);
  to_float32(model.weights().files().at("transformer.h.1.mlp.c_proj.weight"), 51 * 36, row);
  auto const update = model.update(1, 51);
  CHECK(std::equal(row.begin(), row.end(), update.data(), update.data() + update.size()));
  auto const all = model.updates(1);
  CHECK((all.rows() == 36 && all.cols() == 52));
  CHECK(all.col(51) == update);
}

TEST_CASE("GPT-2's tokenizer gives the ids of Hugging Face tokenizers, in a vocabulary that the model's pads") {
  auto const model = census::open_model(fixtures / "padded");
  CHECK(model.architecture().vocabulary_size == 331);
  CHECK(model.tokenizer().vocabulary_size() == 301);
  CHECK(model.tokenizer().bos() == 300u);
  CHECK(model.tokenizer().decode(300) == "<|endoftext|>");
  auto const lines = nlohmann::json::parse(census::read_file(fixtures / "padded/lines.json"));
  REQUIRE(lines.size() > 100);
  for (auto const& line : lines) {
    auto const text = line.at("text").get<std::string>();
    INFO(text);
    CHECK(model.tokenizer().encode(text) == line.at("ids").get<std::vector<census::token_id>>());
    CHECK(model.tokenizer().decode(model.tokenizer().encode(text)) == text);
  }
}

TEST_CASE("a folder without tokenizer is surveyed on token ids, BOS in front of each sequence unless told otherwise") {
  auto const model = census::open_model(fixtures / "plain");
  REQUIRE_FALSE(model.has_tokenizer());
  temporary_folder const folder;
  std::vector<std::uint16_t> ids;
  for (std::uint16_t i = 0; i < 100; ++i) ids.push_back(i * 37 % 60);
  write_bytes(folder.path() / "ids.npy", npy(ids));

  for (bool const bos : {true, false}) {
    auto const corpus =
        census::open_corpus(model.encoding(), {(folder.path() / "ids.npy").string()}, {.context = 50, .bos = bos});
    CHECK(corpus.tokens() == (bos ? 103 : 100));
    CHECK(corpus.texts().front()->tokens.front() == (bos ? 60u : 0u));

    census::liveness alive;
    auto source = census::activations(model, corpus);
    census::survey(source, alive);
    std::vector<std::uint64_t> counted(128);
    for (census::block const& block : census::activations(model, corpus, {.layers = {1, 2}}))
      for (std::size_t row = 0; row < block.firings().rows(); ++row)
        for (std::size_t n = 0; n < 128; ++n) counted[n] += block.values().row(row)[n] > 0;
    auto const table = alive.table(1);
    for (std::size_t n = 0; n < 128; ++n) REQUIRE(table.counts(0)[n] == counted[n]);
  }
}
