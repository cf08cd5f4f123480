// SPDX-License-Identifier: MIT
#include <census/tokenizer/detail/long_pieces.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

using id_list = std::vector<census::token_id>;

std::array<census::token_id, 256> a_token_for_each_byte() {
  std::array<census::token_id, 256> tokens;
  std::iota(tokens.begin(), tokens.end(), 0);
  return tokens;
}

// Tokens over a few letters, each made of two earlier ones.
std::vector<census::token_merge> random_merges(std::mt19937& random, std::size_t letters) {
  std::vector<census::token_id> known;
  for (std::size_t letter = 0; letter < letters; ++letter) known.push_back(static_cast<census::token_id>('a' + letter));
  std::vector<census::token_merge> merges;
  for (census::token_id id = 256; id < 256 + 30; ++id) {
    merges.push_back({known[random() % known.size()], known[random() % known.size()], id});
    known.push_back(id);
  }
  std::ranges::shuffle(merges, random);
  return merges;
}

}  // namespace

TEST_CASE("long pieces have the tokens of the definition, whatever the window, for any merges in any order") {
  std::mt19937 random(8);
  std::size_t certain = 0;
  for (int round = 0; round < 60; ++round) {
    std::size_t const letters = 1 + round % 3;
    auto const merges = random_merges(random, letters);
    census::byte_pair_encoding const encoding(a_token_for_each_byte(), merges);
    std::string piece;
    while (piece.size() < 5000) piece += static_cast<char>('a' + random() % letters);
    id_list expected;
    encoding.encode(piece, expected);
    for (std::size_t const window : {200, 700, 3000}) {
      census::long_pieces long_pieces(encoding, window);
      id_list ids, beginning;
      long_pieces.encode(piece, ids);
      CAPTURE(round, window);
      REQUIRE(ids == expected);
      std::size_t const bytes = long_pieces.encode_beginning(piece, beginning);
      encoding.encode(std::string_view(piece).substr(bytes), beginning);
      REQUIRE(beginning == expected);
      certain += bytes > 0;
    }
  }
  CHECK(certain > 120);  // of 180: else nothing was tried
}

TEST_CASE("what is certain of a piece stays so, however it goes on") {
  std::mt19937 random(9);
  for (int round = 0; round < 300; ++round) {
    auto const merges = random_merges(random, 2);
    census::byte_pair_encoding const encoding(a_token_for_each_byte(), merges);
    census::long_pieces long_pieces(encoding, 400);
    auto const letters = [&](std::size_t count) {
      std::string some;
      while (some.size() < count) some += static_cast<char>('a' + random() % 2);
      return some;
    };
    auto const beginning = letters(900);
    id_list ids;
    std::size_t const bytes = long_pieces.encode_beginning(beginning, ids);
    for (int more = 0; more < 5; ++more) {
      auto const whole = beginning + letters(random() % 100);
      auto joined = ids;
      id_list expected;
      encoding.encode(std::string_view(whole).substr(bytes), joined);
      encoding.encode(whole, expected);
      REQUIRE(joined == expected);
    }
  }
}

TEST_CASE("a piece is cut between characters, and nothing is taken of one that is shorter than the window") {
  census::byte_pair_encoding const encoding(a_token_for_each_byte(), {});
  census::long_pieces long_pieces(encoding, 1000);
  std::string letters;
  while (letters.size() < 3000) letters += "神";
  id_list ids;
  std::size_t const bytes = long_pieces.encode_beginning(letters, ids);
  CHECK(bytes > 1000);
  CHECK(bytes % 3 == 0);
  CHECK(ids.size() == bytes);
  CHECK(long_pieces.encode_beginning(letters.substr(0, 999), ids) == 0);
}
