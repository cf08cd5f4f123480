// SPDX-License-Identifier: MIT
#include <census/survey/input_proposals.hpp>

#include "wanting_neurons.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <stdexcept>
#include <vector>

using namespace wanting;

TEST_CASE("every token is tried once, alone, behind BOS where there is one") {
  for (bool const bos : {true, false}) {
    auto chosen = options;
    if (!bos) chosen.bos.reset();
    std::multiset<ids> tried;
    for (auto const& text : census::input_proposals(chosen).every_token()) {
      CHECK(text->tokens.size() <= 100);
      for (auto const& s : text->sequences) {
        CHECK(s.has_bos == bos);
        tried.emplace(text->tokens.begin() + s.first_row, text->tokens.begin() + s.first_row + s.length);
      }
    }
    std::multiset<ids> expected;
    for (token_id t = 0; t < 60; ++t) expected.insert(bos ? ids{2, t} : ids{t});
    CHECK(tried == expected);
  }
}

TEST_CASE("shuffled text has the same tokens in sequences of the same lengths, BOS in its place") {
  std::vector const texts{a_text({2, 5, 6, 7, 8, 9}), a_text({2, 10, 11, 12, 13, 14, 15, 16}, 1)};
  auto const drawn = census::input_proposals(options).shuffled(texts);
  ids before, after;
  REQUIRE(drawn.size() == 2);
  for (std::size_t t = 0; t < 2; ++t) {
    CHECK(drawn[t]->sequences == texts[t]->sequences);
    CHECK(drawn[t]->tokens.front() == 2);
    std::ranges::copy(texts[t]->tokens, std::back_inserter(before));
    std::ranges::copy(drawn[t]->tokens, std::back_inserter(after));
  }
  CHECK(before != after);
  std::ranges::sort(before), std::ranges::sort(after);
  CHECK(before == after);
}

TEST_CASE("a search without a token to try, or a place for one, is refused") {
  CHECK_THROWS_AS(census::input_proposals({.vocabulary_size = 0}), std::invalid_argument);
  CHECK_THROWS_AS(census::input_proposals({.vocabulary_size = 9, .bos = 2, .longest = 1}), std::invalid_argument);
}

TEST_CASE("mutations are within the vocabulary, no longer than allowed, and begin with BOS") {
  auto search = searched(0);
  census::input_proposals propose(options);
  for (int round = 0; round < 20; ++round) {
    auto const texts = propose.mutations(search);
    std::size_t inputs = 0;
    for (auto const& text : texts)
      for (auto const& s : text->sequences) {
        ++inputs;
        CHECK(s.length <= 6);
        CHECK(text->tokens[s.first_row] == 2);
        for (std::uint32_t p = 0; p < s.length; ++p) CHECK(text->tokens[s.first_row + p] < 60);
      }
    CHECK(inputs == 300);
    census::survey(run(texts), search);
  }
}

TEST_CASE("one seed gives the same mutations, another one others") {
  auto const drawn = [](std::uint64_t seed) {
    auto chosen = options;
    chosen.seed = seed;
    auto search = searched(0);
    census::input_proposals propose(chosen);
    auto const texts = propose.mutations(search);
    return texts.front()->tokens;
  };
  CHECK(drawn(1) == drawn(1));
  CHECK(drawn(1) != drawn(2));
}
