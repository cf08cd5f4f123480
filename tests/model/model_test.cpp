// SPDX-License-Identifier: MIT
#include <census/model/open_model.hpp>

#include "random_model.hpp"

#include <support/byte_vocabulary.hpp>
#include <support/catch.hpp>

#include <string>

namespace {

// A tokenizer of 4 special tokens and the 256 bytes, without merges.
void write_byte_tokenizer(temporary_folder const& folder) {
  write_bytes(folder.path() / "vocab.json", census_test::byte_vocabulary().dump());
  write_bytes(folder.path() / "merges.txt", "#version: 0.2\n");
}

}  // namespace

TEST_CASE("a folder opens as a model with its tokenizer, whose BOS is the config's") {
  temporary_folder folder;
  random_model{.vocabulary = 264, .more_config = ",\"bos_token_id\":0"}.write(folder.path());
  write_byte_tokenizer(folder);
  auto const model = census::open_model(folder.path());
  CHECK(model.tokenizer().bos() == 0u);
  CHECK(model.tokenizer().encode("a").size() == 1);
  CHECK(model.architecture().vocabulary_size == 264);
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

TEST_CASE("a model gives away its embedding and its neurons' updates as they are stored") {
  temporary_folder folder;
  random_model const files;
  files.write(folder.path());
  auto const model = census::open_model(folder.path());
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

TEST_CASE("what a config leaves out is as transformers takes it") {
  temporary_folder folder;
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"hidden_size\":48}");
  auto const a = census::describe_model(folder.path()).architecture;
  CHECK((a.vocabulary_size == 50272 && a.hidden_size == 48 && a.layers == 12 && a.ffn_size == 3072));
  CHECK((a.heads == 12 && a.key_value_heads == 12 && a.head_size == 4));
  CHECK((a.max_positions == 2048 && a.positions.offset == 2 && a.embedding_size == 48 && a.bos == 2u));
  CHECK((a.norms.is == census::norm_settings::kind::layer && a.norms.stands == census::norm_settings::place::before));
  CHECK((a.norms.epsilon == 1e-5f && a.norms.gains && a.norms.shifts && a.final_norm));
  CHECK((a.biases.attention_in && a.biases.attention_out && a.biases.feed_forward));
  CHECK((a.tied && !a.has_projections() && !a.gated && !a.parallel_residual));
  CHECK(a.activation == census::activation_function::relu);
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"do_layer_norm_before\":false}");
  CHECK_FALSE(census::describe_model(folder.path()).architecture.final_norm);
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"bos_token_id\":null}");
  CHECK_FALSE(census::describe_model(folder.path()).architecture.bos.has_value());
}

TEST_CASE("rows of the embedding are those of the whole") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  CHECK(model.embedding_rows(7, 11) == model.embedding().middleRows(7, 11));
  CHECK(model.embedding_rows(50, 0).rows() == 0);
  CHECK_THROWS_AS(model.embedding_rows(50, 1), std::out_of_range);
  CHECK_THROWS_AS(model.embedding_rows(51, 0), std::out_of_range);
}

TEST_CASE("a vector of the residual stream comes to the output embedding as it is, or through project_out") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const plain = census::open_model(folder.path());
  CHECK(plain.update_on_embedding(1, 5) == plain.update(1, 5));

  random_model const files{.embedding = 12};
  files.write(folder.path());
  auto const model = census::open_model(folder.path());
  auto const stored = files.tensors();
  auto const project_out = std::ranges::find(stored, "model.decoder.project_out.weight", &stored_tensor::name)->values;
  auto const update = model.update(1, 5), projected = model.update_on_embedding(1, 5);
  REQUIRE((update.size() == 32 && projected.size() == 12 && model.embedding().cols() == 12));
  for (Eigen::Index i = 0; i < 12; ++i) {
    float sum = 0;
    for (Eigen::Index j = 0; j < 32; ++j) sum += project_out[static_cast<std::size_t>(i * 32 + j)] * update[j];
    CHECK(projected[i] == Approx(sum).margin(1e-5));
  }
  CHECK_THROWS_AS(model.on_embedding(projected), std::invalid_argument);
  CHECK_THROWS_AS(model.update_on_embedding(2, 0), std::out_of_range);
}

TEST_CASE("a model whose embeddings are not tied gives away the output's, and a tied one may have either name") {
  temporary_folder folder;
  random_model files;
  files.more_config = ",\"tie_word_embeddings\":false";
  auto tensors = files.tensors();
  auto head = tensors.front();
  REQUIRE(head.name == "model.decoder.embed_tokens.weight");
  head.name = "lm_head.weight", head.values[3] = 1234;
  tensors.push_back(head);
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes(tensors));
  write_bytes(folder.path() / "config.json", files.config());
  CHECK(census::open_model(folder.path()).embedding()(0, 3) == 1234);
  write_bytes(folder.path() / "config.json", random_model{}.config());
  CHECK(census::open_model(folder.path()).embedding()(0, 3) == tensors.front().values[3]);
  tensors.erase(tensors.begin());
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes(tensors));
  CHECK(census::open_model(folder.path()).embedding()(0, 3) == 1234);
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
