// SPDX-License-Identifier: MIT
#include <census/activation/dealt_texts.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

/// Texts of 1, 2, 3, ... rows; the first token tells which one it is.
census::text_list a_list(std::size_t texts) {
  std::vector<census::shared_text> all;
  for (std::size_t t = 0; t < texts; ++t) {
    census::text_rows text;
    text.tokens.assign(t + 1, static_cast<census::token_id>(t));
    text.sequences.push_back({.document = t, .length = static_cast<std::uint32_t>(t + 1)});
    all.push_back(census::share(std::move(text)));
  }
  return all;
}

std::vector<census::token_id> numbers(census::text_list const& texts) {
  std::vector<census::token_id> all;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(texts.rows()[i] == texts[i]->tokens.size());
    all.push_back(texts[i]->tokens.front());
  }
  return all;
}

using ids = std::vector<census::token_id>;

}  // namespace

TEST_CASE("texts are dealt to ranks in turn, each to one of them") {
  auto const all = a_list(7);
  CHECK(numbers(census::dealt_texts(all, 0, 3)) == ids{0, 3, 6});
  CHECK(numbers(census::dealt_texts(all, 1, 3)) == ids{1, 4});
  CHECK(numbers(census::dealt_texts(all, 2, 3)) == ids{2, 5});
  CHECK(numbers(census::dealt_texts(all, 0, 1)) == numbers(all));
  CHECK(census::dealt_texts(all, 8, 9).empty());
  CHECK_THROWS_AS(census::dealt_texts(all, 3, 3), std::invalid_argument);
}

TEST_CASE("rank by rank come the texts of the first, then those of the second, and so on") {
  CHECK(numbers(census::texts_rank_by_rank(a_list(7), 3)) == ids{0, 3, 6, 1, 4, 2, 5});
  CHECK(numbers(census::texts_rank_by_rank(a_list(2), 4)) == ids{0, 1});
  CHECK(numbers(census::texts_rank_by_rank(a_list(3), 1)) == ids{0, 1, 2});
}
