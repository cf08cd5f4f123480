// SPDX-License-Identifier: MIT
#include <census/activation/text_list.hpp>

#include <support/catch.hpp>

#include <ranges>

namespace {
census::shared_text text_of(std::vector<census::token_id> tokens) {
  auto const length = static_cast<std::uint32_t>(tokens.size());
  return census::share({std::move(tokens), {{.length = length}}});
}
}  // namespace

TEST_CASE("a list of texts in memory gives the texts themselves") {
  static_assert(std::ranges::input_range<census::text_list const>);
  std::vector const texts{text_of({1, 2, 3}), text_of({4})};
  census::text_list const list = texts;
  CHECK(list.rows() == std::vector<std::size_t>{3, 1});
  CHECK(list[1] == texts[1]);
  std::vector<census::shared_text> met;
  for (auto const& text : list) met.push_back(text);
  CHECK(met == texts);
  CHECK(census::text_list().empty());
}

TEST_CASE("a text is read when it is asked for, each time, and must be as long as was told") {
  std::vector<std::size_t> asked;
  census::text_list const list({1, 2}, [&](std::size_t i) {
    asked.push_back(i);
    return text_of({7, 8});
  });
  CHECK(asked.empty());
  CHECK(list[1]->tokens == std::vector<census::token_id>{7, 8});
  CHECK(list[1] != list[1]);
  CHECK(asked == std::vector<std::size_t>{1, 1, 1});
  CHECK_THROWS_AS(list.front(), std::logic_error);
}
