// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>
#include <census/read_file.hpp>
#include <census/survey/survey.hpp>

#include "broken_model.hpp"

#include <support/byte_vocabulary.hpp>
#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// A tokenizer of 4 special tokens and the 256 bytes, without merges.
void write_byte_tokenizer(temporary_folder const& folder) {
  write_bytes(folder.path() / "vocab.json", census_test::byte_vocabulary().dump());
  write_bytes(folder.path() / "merges.txt", "#version: 0.2\n");
}

// As numpy.save writes ids.
std::string npy(std::vector<std::uint16_t> const& ids) {
  std::string header = "{'descr': '<u2', 'fortran_order': False, 'shape': (" + std::to_string(ids.size()) + ",), }";
  header.append(117 - header.size(), ' ').append("\n");
  std::string bytes = "\x93NUMPY\x01" + std::string{'\0', static_cast<char>(header.size()), '\0'} + header;
  for (auto const id : ids) bytes.append({static_cast<char>(id & 255), static_cast<char>(id >> 8)});
  return bytes;
}

std::filesystem::path const gpt2_fixtures = std::filesystem::path(CENSUS_TEST_DATA) / "gpt2";

}  // namespace

TEST_CASE("a folder or a config.json that is not there is named") {
  CHECK(message_of([] { census::open_model("/nowhere/at/all"); }) == "/nowhere/at/all: there is no such folder");
  temporary_folder folder;
  CHECK(complaint(folder) == "config.json: cannot be opened: No such file or directory");
  write_bytes(folder.path() / "config.json", random_model{}.config());
  CHECK(complaint(folder).starts_with(folder.path().string() + ": holds no model.safetensors"));
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

TEST_CASE("a folder opens as a model with its tokenizer, whose BOS is the config's") {
  temporary_folder folder;
  random_model{.vocabulary = 264, .more_config = ",\"bos_token_id\":0"}.write(folder.path());
  write_byte_tokenizer(folder);
  auto const model = census::open_model(folder.path());
  CHECK(model.tokenizer().bos() == 0u);
  CHECK(model.tokenizer().encode("a").size() == 1);
  CHECK(model.architecture().vocabulary_size == 264);
}

TEST_CASE("a BOS of config.json that is outside the vocabulary is refused unless the tokenizer names another") {
  temporary_folder folder;
  random_model{.vocabulary = 264, .more_config = ",\"bos_token_id\":9999"}.write(folder.path());
  write_byte_tokenizer(folder);
  CHECK_THROWS_WITH(census::open_model(folder.path()),
                    Catch::EndsWith("the model's bos id 9999 is outside the vocabulary of 260 tokens"));
  write_bytes(folder.path() / "special_tokens_map.json", "{\"bos_token\":\"a\"}");
  auto const model = census::open_model(folder.path());
  CHECK(model.architecture().bos == model.tokenizer().encode("a")[0]);
  REQUIRE(model.tokenizer().ignored().kinds().size() == 1);
  CHECK_THAT(model.tokenizer().ignored().kinds()[0].places[0], Catch::Contains("bos_token_id is 9999, but"));
}

TEST_CASE("where config.json tells no BOS and no pad, the tokenizer's are taken, and contradict nothing") {
  temporary_folder folder;
  random_model{.vocabulary = 264}.write(folder.path());
  write_byte_tokenizer(folder);
  write_bytes(folder.path() / "special_tokens_map.json", "{\"bos_token\":\"a\",\"pad_token\":\"b\"}");
  auto const model = census::open_model(folder.path());
  CHECK(model.architecture().bos == model.tokenizer().encode("a")[0]);
  CHECK(model.tokenizer().pad() == model.tokenizer().encode("b")[0]);
  CHECK(model.tokenizer().ignored().empty());
}

TEST_CASE("a folder without tokenizer files opens as a model that reads token ids alone") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  CHECK_FALSE(model.has_tokenizer());
  CHECK_THROWS_WITH(model.tokenizer(),
                    folder.path().string() + ": there is no tokenizer, so only token ids (.npy) can be read");
  write_bytes(folder.path() / "merges.txt", "#version: 0.2\n");
  CHECK_THROWS_WITH(census::open_model(folder.path()),
                    (folder.path() / "vocab.json").string() + ": the file is missing");
}

TEST_CASE("a tokenizer with more tokens than the model is refused") {
  temporary_folder folder;
  random_model{.vocabulary = 50}.write(folder.path());
  write_byte_tokenizer(folder);
  CHECK_THROWS_WITH(census::open_model(folder.path()),
                    folder.path().string() + ": the tokenizer has 260 tokens, but the model only 50");
}

TEST_CASE("GPT-2's tokenizer gives the ids of Hugging Face tokenizers, in a vocabulary that the model's pads") {
  auto const model = census::open_model(gpt2_fixtures / "padded");
  CHECK(model.architecture().vocabulary_size == 331);
  CHECK(model.tokenizer().vocabulary_size() == 301);
  CHECK(model.tokenizer().bos() == 300u);
  CHECK(model.tokenizer().decode(300) == "<|endoftext|>");
  auto const lines = nlohmann::json::parse(census::read_file(gpt2_fixtures / "padded/lines.json"));
  REQUIRE(lines.size() > 100);
  for (auto const& line : lines) {
    auto const text = line.at("text").get<std::string>();
    INFO(text);
    CHECK(model.tokenizer().encode(text) == line.at("ids").get<std::vector<census::token_id>>());
    CHECK(model.tokenizer().decode(model.tokenizer().encode(text)) == text);
  }
}

TEST_CASE("a folder without tokenizer is surveyed on token ids, BOS in front of each sequence unless told otherwise") {
  auto const model = census::open_model(gpt2_fixtures / "plain");
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
