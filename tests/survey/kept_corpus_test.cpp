// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/survey/kept_corpus.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// All sequences with their tokens.
std::vector<census::text_rows> sequences_of(census::text_list const& texts) {
  std::vector<census::text_rows> all;
  for (auto const& text : texts)
    for (census::sequence one : text->sequences) {
      auto const first = text->tokens.begin() + one.first_row;
      one.first_row = 0;
      all.push_back({{first, first + one.length}, {one}});
    }
  return all;
}

}  // namespace

TEST_CASE("a kept corpus tells what its corpus does, before and after it was stored") {
  STATIC_REQUIRE(census::census_corpus<census::kept_corpus>);
  elsewhere::toy_corpus const corpus(500, 40, 30);
  census::kept_corpus const kept(corpus);
  census::kept_corpus restored;
  census::restore(census::store(kept), restored);
  for (census::kept_corpus const* one : std::initializer_list<census::kept_corpus const*>{&kept, &restored}) {
    CHECK(one->domains() == corpus.domains());
    CHECK(one->context() == corpus.context());
    CHECK(one->tokens() == corpus.tokens());
    CHECK(one->sequences() == corpus.sequences());
    CHECK(one->full_sequences() == corpus.full_sequences());
    CHECK(one->documents() == corpus.documents());
    CHECK(sequences_of(one->texts()) == sequences_of(corpus.texts()));
  }
  CHECK(restored.distinct_tokens() == kept.distinct_tokens());
}

TEST_CASE("merged texts hold the sequences of both, and are of one corpus") {
  census::kept_corpus a(elsewhere::toy_corpus(3, 40, 30)), b(elsewhere::toy_corpus(5, 40, 30));
  auto expected = sequences_of(a.texts());
  for (auto const& one : sequences_of(b.texts())) expected.push_back(one);
  a.merge(b);
  CHECK(sequences_of(a.texts()) == expected);
  CHECK(a.sequences() == 8);
  CHECK_THROWS_AS(a.merge(census::kept_corpus(elsewhere::toy_corpus(3, 41, 30))), std::invalid_argument);
}
