// SPDX-License-Identifier: MIT
#include <census/model/open_model.hpp>
#include <census/model/token_text.hpp>

#include "random_model.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>

TEST_CASE("a token is named by its text, or by its id where the model has no tokenizer") {
  auto const bundled = census::open_model(std::filesystem::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt");
  CHECK(census::tokens_named(bundled) == bundled.tokenizer().vocabulary_size());
  CHECK(census::token_text(bundled, 100) == bundled.tokenizer().decode(100));

  temporary_folder const folder;
  random_model{}.write(folder.path());
  auto const without = census::open_model(folder.path());
  CHECK(census::tokens_named(without) == 50);
  CHECK(census::token_text(without, 17) == "<17>");
}
