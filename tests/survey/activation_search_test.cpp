// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/survey/activation_search.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace {

using census::token_id;
using ids = std::vector<token_id>;

// A model of four neurons in each of two layers, by rule: 0 wants token 30 at hand, 1 wants 30 behind 40 behind 20, 2
// is silent for ever, 3 fires always. The second layer asks for tokens that are larger by one.
float value(std::uint32_t layer, std::size_t neuron, std::span<token_id const> s, std::size_t p) {
  auto const is = [&](std::size_t back, token_id t) { return p >= back && s[p - back] == t + layer ? 1.f : 0.f; };
  if (neuron == 0) return is(0, 30) - 0.5f;
  if (neuron == 1) return is(0, 30) + is(1, 40) + is(2, 20) - 2.5f;
  return neuron == 2 ? -1.f : 1.f;
}

std::vector<census::block> run(std::vector<census::shared_text> const& texts) {
  std::vector<census::block> blocks;
  for (auto const& text : texts)
    for (std::uint32_t layer = 0; layer < 2; ++layer) {
      std::vector<float> values;
      for (census::sequence const& s : text->sequences)
        for (std::size_t p = 0; p < s.length; ++p)
          for (std::size_t n = 0; n < 4; ++n)
            values.push_back(value(layer, n, std::span(text->tokens).subspan(s.first_row, s.length), p));
      blocks.push_back(census::make_block(layer, text, {std::move(values), std::size_t{4}}));
    }
  return blocks;
}

census::activation_search_options const options{
    .vocabulary_size = 60, .bos = 2, .longest = 6, .proposals = 300, .rows_per_text = 100};

census::shared_text a_text(ids tokens, std::uint64_t document = 0) {
  census::sequence const whole{
      .document = document, .length = static_cast<std::uint32_t>(tokens.size()), .has_bos = tokens.front() == 2};
  return census::share({std::move(tokens), {whole}});
}

census::activation_search searched(int rounds) {
  census::activation_search search({{0, 1, 2}, {0, 1, 2}}, options);
  search.now_trying("single token");
  census::survey(run(search.every_token()), search);
  search.now_trying("swaps");
  for (int round = 0; round < rounds; ++round) census::survey(run(search.mutations()), search);
  return search;
}

}  // namespace

TEST_CASE("a waking search finds single tokens at once, and climbs to what takes several") {
  STATIC_REQUIRE(census::observer<census::activation_search, census::block>);
  auto const search = searched(60);
  auto const found = search.activating_inputs();
  REQUIRE(found.size() == 4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(found[i].layer == i / 2);
    CHECK(found[i].neuron == i % 2);
    CHECK(found[i].found_by == (i % 2 == 0 ? "single token" : "swaps"));
    CHECK(found[i].ids.front() == 2);
    CHECK(found[i].pre_activation == 0.5f);
    CHECK(value(found[i].layer, found[i].neuron, found[i].ids, found[i].ids.size() - 1) > 0);
  }
  CHECK(found[0].ids == ids{2, 30});
  CHECK(found[2].ids == ids{2, 31});
  CHECK(search.still_silent() == 2);
  CHECK(search.largest(0, 1) == 0.5f);
  CHECK(search.largest(1, 2) == -1.f);
  CHECK(search.largest(0, 3) == -std::numeric_limits<float>::infinity());  // was not silent
}

TEST_CASE("every token is tried once, alone, behind BOS where there is one") {
  for (bool const bos : {true, false}) {
    auto chosen = options;
    if (!bos) chosen.bos.reset();
    std::multiset<ids> tried;
    for (auto const& text : census::activation_search({{0}}, chosen).every_token()) {
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
  census::activation_search search({{0}}, options);
  auto const drawn = search.shuffled(texts);
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

TEST_CASE("a search that has nothing to try is refused") {
  CHECK_THROWS_AS(census::activation_search({{0}}, {.vocabulary_size = 0}), std::invalid_argument);
  CHECK_THROWS_AS(census::activation_search({{0}}, {.vocabulary_size = 9, .bos = 2, .longest = 1}),
                  std::invalid_argument);
}

TEST_CASE("a search takes silent neurons in any order") {
  auto const text = a_text({2, 9, 9});
  census::activation_search forth({{0, 1, 2}}, options), back({{2, 1, 0}}, options);
  for (auto const& block : run({text})) forth.observe(block), back.observe(block);
  for (std::uint32_t neuron = 0; neuron < 3; ++neuron) CHECK(forth.largest(0, neuron) == back.largest(0, neuron));
}

TEST_CASE("a search starts from the contexts of the largest values in a text, awake ones and long ones included") {
  auto const text = a_text({2, 9, 9, 9, 9, 9, 9, 9, 40, 30, 9, 9});
  census::largest_values largest;
  for (auto const& block : run({text})) largest.observe(block);
  census::activation_search search({{0, 1, 2}}, options);
  search.now_trying("text");
  search.start_from(0, largest.at(0), *text);
  REQUIRE(search.activating_inputs().size() == 1);
  CHECK(search.activating_inputs().front() ==
        census::activating_input{0, 0, {2, 9, 9, 9, 9, 9, 9, 9, 40, 30}, 0.5f, "text"});
  CHECK(search.largest(0, 1) == -0.5f);

  auto const first = search.mutations();  // the end of the long context comes first, whole again behind BOS
  bool begins_with_it = false;
  for (auto const& s : first.front()->sequences)
    begins_with_it |=
        std::ranges::equal(std::span(first.front()->tokens).subspan(s.first_row, s.length), ids{2, 9, 9, 9, 40, 30});
  CHECK(begins_with_it);
  census::survey(run(first), search);
  for (int round = 0; round < 30; ++round) census::survey(run(search.mutations()), search);
  CHECK(search.activating_inputs().size() == 2);
}

TEST_CASE("inputs of swaps are within the vocabulary, no longer than allowed, and begin with BOS") {
  auto search = searched(0);
  for (int round = 0; round < 20; ++round) {
    auto const texts = search.mutations();
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

TEST_CASE("awakenings that do not hold are struck out, and their neurons are silent again") {
  auto search = searched(60);
  REQUIRE(search.activating_inputs().size() == 4);
  CHECK(search.confirm(std::vector{0.25f, 0.f, -1.f, 0.75f}) == 2);
  auto const left = search.activating_inputs();
  REQUIRE(left.size() == 2);
  CHECK(left[0].neuron == 0);
  CHECK(left[0].pre_activation == 0.25f);
  CHECK(left[1].layer == 1);
  CHECK(left[1].neuron == 1);
  CHECK(search.still_silent() == 4);
}

TEST_CASE("a search finds the same with any number of threads") {
  auto const found = searched(60).activating_inputs();
  tbb::global_control const one(tbb::global_control::max_allowed_parallelism, 1);
  CHECK(searched(60).activating_inputs() == found);
}

TEST_CASE("a search needs values") {
  auto const block = run({a_text({2, 9})}).front();
  census::activation_search search({{0}}, options);
  CHECK_THROWS_AS(search.observe(census::block(0, block.text(), block.firings())), std::invalid_argument);
}
