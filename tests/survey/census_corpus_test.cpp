// SPDX-License-Identifier: MIT
#include <census/survey/census_corpus.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>

#include <vector>

TEST_CASE("texts alone are no census corpus: how many tokens they hold is to be known beforehand") {
  STATIC_REQUIRE(census::census_corpus<elsewhere::toy_corpus>);
  STATIC_REQUIRE_FALSE(census::census_corpus<std::vector<census::shared_text>>);
  STATIC_REQUIRE_FALSE(census::census_corpus<census::text_list>);
}
