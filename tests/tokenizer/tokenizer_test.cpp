// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <support/catch.hpp>

#include <random>
#include <thread>

TEST_CASE("any bytes decode to themselves") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  std::mt19937 random(11);
  std::string const common = "the neuron's  \n\t12 \xc3\xa9\xe7\xa5\x9e\xf0\x9f\x99\x82";
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto length = random() % 200; length > 0; --length)
      text += round % 2 == 0 ? static_cast<char>(random()) : common[random() % common.size()];
    auto const ids = tokenizer.encode(text);
    if (tokenizer.decode(ids) != text) FAIL("round " << round << " lost bytes");
  }
}

TEST_CASE("a piece has the same ids wherever it stands") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  auto const once = tokenizer.encode(" neurons fire");
  auto expected = once;
  expected.insert(expected.end(), once.begin(), once.end());
  expected.insert(expected.end(), once.begin(), once.end());
  CHECK(tokenizer.encode(" neurons fire neurons fire neurons fire") == expected);
}

TEST_CASE("more different pieces than are remembered have the ids that each has alone") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  std::string text;
  std::vector<census::token_id> expected;
  for (int i = 0; i < 140'000; ++i) {
    auto const piece = std::string(" ").append(std::to_string(i % 70'000 * 7919));
    text += piece;
    for (auto const id : tokenizer.encode(piece)) expected.push_back(id);
  }
  CHECK((tokenizer.encode(text) == expected));
}

TEST_CASE("neither BOS nor anything else is added, and the BOS is known") {
  auto const tokenizer = census::open_tokenizer(reference_folder, 2);
  CHECK(tokenizer.bos() == census::token_id{2});
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.encode("a").size() == 1);
  CHECK(tokenizer.vocabulary_size() == 800);
  CHECK_FALSE(census::open_tokenizer(reference_folder).bos().has_value());
}

TEST_CASE("a special token's name in a text is text") {
  auto const tokenizer = census::open_tokenizer(reference_folder, 2);
  auto const ids = tokenizer.encode("</s>");
  CHECK(ids.size() > 1);
  for (auto const id : ids) CHECK(id > 3);
  CHECK(tokenizer.decode(ids) == "</s>");
  CHECK(tokenizer.decode(2) == "</s>");
}

TEST_CASE("a token may hold part of a character") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  auto const ids = tokenizer.encode("𒀀");
  REQUIRE(ids.size() > 1);
  std::string bytes;
  for (auto const id : ids) bytes += tokenizer.decode(id);
  CHECK(bytes == "𒀀");
}

TEST_CASE("an id outside the vocabulary is refused") {
  auto const tokenizer = census::open_tokenizer(reference_folder);
  CHECK_THROWS_WITH(tokenizer.decode(800), "token id 800: outside the tokenizer's vocabulary of 800");
  CHECK_THROWS_AS(tokenizer.decode(std::vector<census::token_id>{0, 4'000'000'000}), census::bad_input);
}

TEST_CASE("a copy shares the vocabulary, and several threads may use one tokenizer") {
  auto const tokenizer = census::open_tokenizer(reference_folder, 2);
  auto const copy = tokenizer;
  std::string text;
  for (auto const& c : reference_cases()) text += c.text;
  auto const expected = copy.encode(text);
  std::vector<std::vector<census::token_id>> ids(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : ids) threads.emplace_back([&] { result = tokenizer.encode(text); });
  }
  for (auto const& result : ids) CHECK(result == expected);
}
