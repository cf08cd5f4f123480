// SPDX-License-Identifier: MIT
#include <census/tokenizer/detail/byte_pair_encoding.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>

namespace {

std::array<census::token_id, 256> bytes_as_tokens() {
  std::array<census::token_id, 256> tokens;
  std::iota(tokens.begin(), tokens.end(), 0);
  return tokens;
}

std::vector<census::token_id> encode(census::byte_pair_encoding const& encoding, std::string_view piece) {
  std::vector<census::token_id> ids;
  encoding.encode(piece, ids);
  return ids;
}

// The definition, word for word.
std::vector<census::token_id> by_definition(std::vector<census::token_merge> const& merges, std::string_view piece) {
  std::map<std::pair<census::token_id, census::token_id>, std::size_t> ranks;
  for (std::size_t rank = 0; rank < merges.size(); ++rank)
    ranks.try_emplace({merges[rank].left, merges[rank].right}, rank);
  std::vector<census::token_id> tokens;
  for (char const byte : piece) tokens.push_back(static_cast<unsigned char>(byte));
  for (;;) {
    std::size_t best = merges.size(), place = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
      if (auto const found = ranks.find({tokens[i], tokens[i + 1]}); found != ranks.end() && found->second < best)
        best = found->second, place = i;
    if (best == merges.size()) return tokens;
    tokens[place] = merges[best].result;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  }
}

}  // namespace

TEST_CASE("the pair of the lowest rank merges first, not the first pair") {
  std::vector<census::token_merge> const merges{{'b', 'c', 256}, {'a', 'b', 257}, {257, 'c', 258}};
  census::byte_pair_encoding const encoding(bytes_as_tokens(), merges);
  CHECK(encode(encoding, "abc") == std::vector<census::token_id>{'a', 256});
  CHECK(encode(encoding, "abd") == std::vector<census::token_id>{257, 'd'});
}

TEST_CASE("of equal pairs the leftmost merges first") {
  std::vector<census::token_merge> const merges{{'a', 'a', 256}};
  census::byte_pair_encoding const encoding(bytes_as_tokens(), merges);
  CHECK(encode(encoding, "aaa") == std::vector<census::token_id>{256, 'a'});
  CHECK(encode(encoding, "aaaa") == std::vector<census::token_id>{256, 256});
}

TEST_CASE("ids are appended, and an empty piece has none") {
  census::byte_pair_encoding const encoding(bytes_as_tokens(), {});
  std::vector<census::token_id> ids{7};
  encoding.encode("", ids);
  encoding.encode("\xff", ids);
  CHECK(ids == std::vector<census::token_id>{7, 255});
}

TEST_CASE("short and long pieces follow the definition, for any merges in any order") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    // Tokens over three letters, each made of two earlier ones; the ranks are shuffled in half of the rounds.
    std::vector<census::token_id> known{'a', 'b', 'c'};
    std::vector<census::token_merge> merges;
    for (census::token_id id = 256; id < 256 + 40; ++id) {
      merges.push_back({known[random() % known.size()], known[random() % known.size()], id});
      known.push_back(id);
    }
    if (round % 2 == 1) std::ranges::shuffle(merges, random);
    census::byte_pair_encoding const encoding(bytes_as_tokens(), merges);
    for (std::size_t const length : {1, 2, 3, 7, 20, 47, 48, 49, 50, 100, 300}) {
      std::string piece;
      while (piece.size() < length) piece += "abc"[random() % (round % 3 + 1)];
      CAPTURE(round, length);
      CHECK(encode(encoding, piece) == by_definition(merges, piece));
    }
  }
}
