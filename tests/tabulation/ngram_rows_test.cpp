// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/tabulation/detail/ngram_chunks.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <support/catch.hpp>
#include <support/ngram_texts.hpp>

#include <set>

using census_test::ngram_blocks;

namespace {

census::shared_text text_of(std::vector<census::block> const& blocks) {
  std::vector<census::shared_text> texts;
  for (auto const& block : blocks) texts.push_back(block.text());
  return census::join(texts);
}

}  // namespace

TEST_CASE("n-grams are numbered in ascending order of their tokens, each with all of its rows") {
  for (auto const& shape : {census_test::ngram_shape{},
                            {.vocabulary = 70000, .first_token = 65530, .seed = 5},
                            {.bos = false, .seed = 3}}) {
    auto const blocks = ngram_blocks(shape);
    auto const text = text_of(blocks);
    for (std::size_t n = 1; n <= 4; ++n) {
      auto const expected = census_test::recount_ngrams(blocks, 0, n);
      census::ngram_rows const ngrams(n, text);
      REQUIRE(ngrams.distinct() == expected.size());
      std::uint32_t number = 0;
      std::uint64_t tokens = 0;
      std::set<std::uint32_t> rows;
      for (auto const& [tokens_of, here] : expected) {
        auto const found = ngrams.tokens_of(number);
        CHECK(census_test::ngram(found.begin(), found.end()) == tokens_of);
        CHECK(ngrams.occurrences(number) == here.occurrences);
        for (std::uint32_t i = ngrams.first()[number]; i < ngrams.first()[number + 1]; ++i) {
          std::uint32_t const row = ngrams.order()[i];
          rows.insert(row);
          CHECK(std::ranges::equal(std::span(text->tokens).subspan(row + 1 - n, n), tokens_of));
        }
        tokens += here.occurrences;
        ++number;
      }
      CHECK(ngrams.tokens() == tokens);
      CHECK(rows.size() == tokens);
    }
  }
}

TEST_CASE("a sequence is found in the text of n-grams by its document, piece and tokens") {
  auto const blocks = ngram_blocks({}), others = ngram_blocks({.seed = 2});
  auto const text = text_of(blocks);
  census::ngram_rows const ngrams(2, text);
  for (auto const& block : blocks)
    for (auto const& sequence : block.text()->sequences) {
      auto const row = ngrams.first_row(*block.text(), sequence);
      REQUIRE(row);
      CHECK(std::ranges::equal(std::span(text->tokens).subspan(*row, sequence.length),
                               std::span(block.text()->tokens).subspan(sequence.first_row, sequence.length)));
    }
  auto moved = blocks[0].text()->sequences[0];
  moved.piece = 7;
  CHECK_FALSE(ngrams.first_row(*blocks[0].text(), moved));
  CHECK_FALSE(ngrams.first_row(*others[0].text(), others[0].text()->sequences[1]));
}

TEST_CASE("n-grams of no token, and of a sequence that comes twice, are refused") {
  auto const blocks = ngram_blocks({});
  auto twice = blocks;
  twice.push_back(blocks[0]);
  CHECK_THROWS_AS(census::ngram_rows(2, text_of(twice)), std::invalid_argument);
  CHECK_THROWS_AS(census::ngram_rows(0, blocks[0].text()), std::invalid_argument);
}

TEST_CASE("chunks of n-grams bring every row once, in order, and part only what is longer than a chunk") {
  // 3 three thousand times, 4 and up a few times each
  census::text_rows rows;
  for (std::uint32_t i = 0; i < 5000; ++i) rows.tokens.push_back(i < 3000 ? 3 : 4 + i % 700);
  rows.sequences.push_back({.length = 5000});
  census::ngram_rows const ngrams(1, census::share(rows));
  constexpr std::size_t most = census::detail::ngram_chunks::most_rows;
  std::size_t next = 0;
  std::uint32_t ngram = 0, seen = 0, parted = 0;
  for (census::detail::ngram_chunks chunk(ngrams); chunk.next();) {
    CHECK(chunk.first() == next);
    CHECK(chunk.size() <= most);
    std::uint32_t at = 0;
    for (auto const& run : chunk.runs()) {
      CHECK(run.ngram == ngram);
      CHECK(run.occurrences == ngrams.occurrences(ngram));
      CHECK(run.first == at);
      at = run.last;
      seen += run.last - run.first;
      CHECK(run.ends == (seen == run.occurrences));
      parted += !run.ends;
      CHECK((run.ends || run.occurrences > most));
      if (run.ends) ++ngram, seen = 0;
    }
    CHECK(at == chunk.size());
    next += chunk.size();
  }
  CHECK(next == ngrams.tokens());
  CHECK(ngram == ngrams.distinct());
  CHECK(parted == 2);  // 3000 rows: 1024, 1024 and the rest
}
