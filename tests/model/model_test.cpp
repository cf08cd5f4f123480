// SPDX-License-Identifier: MIT
#include <census/model/open_model.hpp>

#include "random_model.hpp"

#include <support/catch.hpp>

#include <string>

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
