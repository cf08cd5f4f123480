// SPDX-License-Identifier: MIT
#include <census/content_hash.hpp>
#include <census/model/model_origin.hpp>
#include <census/model/open_model.hpp>
#include <census/model/product.hpp>
#include <census/read_file.hpp>

#include "random_model.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

TEST_CASE("a model's origin names the files beside its checkpoint and the checkpoint's, with their hashes") {
  temporary_folder const folder;
  random_model{}.write(folder.path());
  folder.write("notes.txt", "not the model's");
  auto const origin = census::origin_of(census::open_model(folder.path()));
  CHECK(origin.blas == census::blas_description());
  REQUIRE(origin.files.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    auto const path = folder / (i == 0 ? "config.json" : "model.safetensors");
    auto const bytes = census::read_file(path);
    CHECK(origin.files[i].path == path);
    CHECK(origin.files[i].bytes == bytes.size());
    CHECK(origin.files[i].hash == census::content_hash(bytes));  // a small file is hashed whole
  }
}
