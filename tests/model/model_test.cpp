// SPDX-License-Identifier: MIT
#include <census/model/opt/model.hpp>
#include <census/tokenizer/byte_alphabet.hpp>

#include "random_model.hpp"

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace {

namespace opt = census::opt;

// A tokenizer of 4 special tokens and the 256 bytes, without merges.
void write_byte_tokenizer(temporary_folder const& folder) {
  nlohmann::json vocabulary{{"<s>", 0}, {"<pad>", 1}, {"</s>", 2}, {"<unk>", 3}};
  for (int byte = 0; byte < 256; ++byte)
    vocabulary[census::byte_alphabet().spell(std::string(1, static_cast<char>(byte)))] = 4 + byte;
  write_bytes(folder.path() / "vocab.json", vocabulary.dump());
  write_bytes(folder.path() / "merges.txt", "#version: 0.2\n");
}

}  // namespace

TEST_CASE("a folder opens as a model with its tokenizer, whose BOS is the config's") {
  temporary_folder folder;
  random_model{.vocabulary = 264, .more_config = ",\"bos_token_id\":0"}.write(folder.path());
  write_byte_tokenizer(folder);
  auto const model = opt::open(folder.path());
  CHECK(model.tokenizer().bos() == 0u);
  CHECK(model.tokenizer().encode("a").size() == 1);
  CHECK(model.config().vocabulary_size == 264);
  CHECK_THROWS_AS(opt::open_without_tokenizer(folder.path()).tokenizer(), std::logic_error);
}

TEST_CASE("a tokenizer with more tokens than the model is refused") {
  temporary_folder folder;
  random_model{.vocabulary = 50}.write(folder.path());
  write_byte_tokenizer(folder);
  CHECK_THROWS_WITH(opt::open(folder.path()),
                    (folder.path() / "vocab.json").string() + ": has 260 tokens, but the model only 50");
}

TEST_CASE("a model gives away its embedding and its neurons' updates as they are stored") {
  temporary_folder folder;
  random_model const files;
  files.write(folder.path());
  auto const model = opt::open_without_tokenizer(folder.path());
  auto const stored = files.tensors();
  auto const values = [&](std::string const& name) {
    return std::ranges::find(stored, "model.decoder." + name, &stored_tensor::name)->values;
  };
  auto const embedding = model.embedding();
  CHECK((embedding.rows() == 50 && embedding.cols() == 32));
  CHECK(embedding(7, 3) == values("embed_tokens.weight")[7 * 32 + 3]);

  auto const updates = model.updates(1);
  CHECK((updates.rows() == 32 && updates.cols() == 70));
  CHECK(updates(5, 69) == values("layers.1.fc2.weight")[5 * 70 + 69]);
  CHECK(model.update(1, 69) == updates.col(69));
  CHECK(model.final_gain()[31] == values("final_layer_norm.weight")[31]);
  CHECK_THROWS_AS(model.updates(2), std::out_of_range);
  CHECK_THROWS_AS(model.update(0, 70), std::out_of_range);
}
