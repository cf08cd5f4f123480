// SPDX-License-Identifier: MIT
#include <census/statistic/text_coverage.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace {

/// Documents of some pieces each, their pieces shuffled; Zipf-like tokens, a few of them a document's own.
census::shared_text documents_in_pieces(std::uint32_t documents, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<census::sequence> pieces;
  for (std::uint32_t d = 0; d < documents; ++d)
    for (std::uint32_t piece = 0; piece < 1 + random() % 4; ++piece)
      pieces.push_back(
          {.document = d, .piece = piece, .length = 1 + static_cast<std::uint32_t>(random()) % 30, .has_bos = true});
  std::shuffle(pieces.begin(), pieces.end(), random);
  census::text_rows text;
  for (census::sequence& piece : pieces) {
    piece.first_row = static_cast<std::uint32_t>(text.tokens.size());
    text.tokens.push_back(2);
    for (std::uint32_t p = 1; p < piece.length; ++p)
      text.tokens.push_back(random() % 4 == 0 ? 1000 + 10 * static_cast<std::uint32_t>(piece.document) + random() % 10
                                              : 3 + random() % (1 + random() % 40));
    text.sequences.push_back(piece);
  }
  return census::share(std::move(text));
}

}  // namespace

TEST_CASE("a text's coverage is what leaving its documents out one by one, and counting its n-grams, gives") {
  for (std::uint32_t const documents : {2u, 5u, 30u}) {
    auto const text = documents_in_pieces(documents, documents);
    for (std::size_t n = 1; n <= 3; ++n) {
      using ngram = std::vector<census::token_id>;
      std::map<std::uint64_t, std::map<ngram, std::uint64_t>> of_document;
      std::map<ngram, std::uint64_t> of_all;
      std::uint64_t tokens = 0;
      for (census::sequence const& s : text->sequences)
        for (std::uint32_t p = static_cast<std::uint32_t>(n); p < s.length; ++p, ++tokens) {
          auto const end = text->tokens.begin() + s.first_row + p + 1;
          ngram const here(end - static_cast<std::ptrdiff_t>(n), end);
          ++of_document[s.document][here], ++of_all[here];
        }
      std::uint64_t unseen = 0, once = 0, decidable = 0;
      for (auto const& [left_out, own] : of_document)
        for (auto const& [ngram, occurrences] : own) {
          bool met = false;
          for (auto const& [other, theirs] : of_document) met = met || (other != left_out && theirs.contains(ngram));
          if (!met) unseen += occurrences;
        }
      for (auto const& [ngram, occurrences] : of_all)
        once += occurrences == 1, decidable += occurrences >= 5 ? occurrences : 0;

      auto const found = census::coverage_of({n, text}, 5);
      CHECK(found.tokens == tokens);
      CHECK(found.distinct == of_all.size());
      CHECK(found.once == once);
      CHECK(found.decidable == decidable);
      CHECK(found.in_one_document == unseen);
      CHECK(found.unseen_mass() == Approx(double(once) / double(tokens)));
      CHECK(found.unseen_mass_by_document() == Approx(double(unseen) / double(tokens)));
      CHECK(found.decidable_share() == Approx(double(decidable) / double(tokens)));
    }
  }
}

TEST_CASE("a document that repeats itself hides from Good and Turing how new the next document is") {
  census::text_rows rows;
  for (std::uint32_t d = 0; d < 3; ++d) {
    rows.sequences.push_back({.document = d, .first_row = 8 * d, .length = 8});
    for (std::uint32_t p = 0; p < 8; ++p) rows.tokens.push_back(10 * d + p % 2);  // "a b a b a b a b", "c d c d ..."
  }
  auto const text = census::share(rows);
  CHECK(census::coverage_of({1, text}).unseen_mass() == 0);
  CHECK(census::coverage_of({1, text}).unseen_mass_by_document() == 1);
}

TEST_CASE("one document alone leaves nothing to be compared with, and no token has no share") {
  auto const alone = census::share({{5, 6, 5, 6}, {{.length = 4}}});
  CHECK(census::coverage_of({1, alone}).in_one_document == 4);
  CHECK(std::isnan(census::coverage_of({1, alone}).unseen_mass_by_document()));
  CHECK(std::isnan(census::coverage_of({5, alone}).unseen_mass()));
  auto const apart =
      census::share({{5, 6}, {{.document = 0, .length = 1}, {.document = 1, .first_row = 1, .length = 1}}});
  CHECK(census::coverage_of({1, apart}).unseen_mass_by_document() == 1);
}
