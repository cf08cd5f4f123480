// SPDX-License-Identifier: MIT
#include <census/tokenizer/open_tokenizer.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <support/catch.hpp>

TEST_CASE("texts are encoded by a tokenizer, or read as ids below the vocabulary's size where there is none") {
  census::text_encoding const by_tokenizer = census::open_tokenizer(CENSUS_TEST_DATA "/tokenizer", 2);
  REQUIRE(by_tokenizer.tokenizer() != nullptr);
  CHECK(by_tokenizer.vocabulary_size() == by_tokenizer.tokenizer()->vocabulary_size());
  CHECK(by_tokenizer.bos() == census::token_id{2});

  census::text_encoding const ids(61, 60);
  CHECK(ids.tokenizer() == nullptr);
  CHECK((ids.vocabulary_size() == 61 && ids.bos() == census::token_id{60}));
}
