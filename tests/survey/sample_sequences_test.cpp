// SPDX-License-Identifier: MIT
#include <census/survey/sample_sequences.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A corpus of these sequences, some in a text.
class given_corpus {
 public:
  /// Tokens are numbered from 0; that of number `unknown` is not told.
  given_corpus(std::vector<std::vector<std::size_t>> const& lengths, std::uint64_t unknown = ~std::uint64_t{0}) {
    for (auto const& of_text : lengths) {
      census::text_rows rows;
      for (std::size_t const length : of_text) {
        rows.sequences.push_back({.document = document_++,
                                  .piece = 3,
                                  .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                                  .length = static_cast<std::uint32_t>(length)});
        for (std::size_t i = 0; i < length; ++i, ++tokens_)
          rows.tokens.push_back(tokens_ == unknown ? census::no_token : static_cast<census::token_id>(tokens_));
      }
      texts_.push_back(census::share(std::move(rows)));
    }
  }
  std::uint64_t tokens() const { return tokens_; }
  std::uint64_t distinct_tokens() const { return tokens_; }
  std::uint64_t documents() const { return document_; }
  std::uint64_t sequences() const { return document_; }
  std::uint64_t full_sequences() const { return 0; }
  std::size_t context() const { return 100; }
  std::vector<std::string> domains() const { return {"one"}; }
  std::uint64_t bytes_held() const { return 0; }
  census::text_list texts(std::size_t) const { return texts_; }

 private:
  std::uint64_t tokens_ = 0, document_ = 0;
  std::vector<census::shared_text> texts_;
};

std::vector<std::uint64_t> documents_of(std::vector<census::shared_text> const& sample) {
  std::vector<std::uint64_t> documents;
  for (auto const& text : sample) documents.push_back(text->sequences.at(0).document);
  return documents;
}

}  // namespace

TEST_CASE("a sample holds the sequences at even places of the text, as they are") {
  given_corpus const corpus(
      {{10, 30}, {5, 5}, {50}});  // 100 tokens, numbered; sequences end before 10, 40, 45, 50, 100
  auto const two = census::sample_sequences(corpus, 2);  // those of tokens 25 and 75
  CHECK(documents_of(two) == std::vector<std::uint64_t>{1, 4});
  REQUIRE(two[0]->tokens.size() == 30);
  CHECK(two[0]->tokens.front() == 10);
  CHECK(two[0]->sequences[0].first_row == 0);
  CHECK(two[0]->sequences[0].piece == 3);
  CHECK(two[0]->sequences.size() == 1);
  CHECK(documents_of(census::sample_sequences(corpus, 10)) ==  // 5, 15, 25, 35, 45, ... 95
        std::vector<std::uint64_t>{0, 1, 3, 4});
  CHECK(documents_of(census::sample_sequences(corpus, 1000)) == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
  CHECK(census::sample_sequences(corpus, 0).empty());
}

TEST_CASE("a sequence that does not tell all its tokens is in no sample, for no model runs on it") {
  given_corpus const corpus({{10, 30}, {5, 5}, {50}}, 39);  // the last token of the second sequence
  CHECK(documents_of(census::sample_sequences(corpus, 2)) == std::vector<std::uint64_t>{4});
  CHECK(documents_of(census::sample_sequences(corpus, 1000)) == std::vector<std::uint64_t>{0, 2, 3, 4});
}
