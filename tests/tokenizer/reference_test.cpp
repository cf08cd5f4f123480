// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <support/catch.hpp>

#include <map>

namespace {

std::string utf8(unsigned code) {
  auto const tail = [&](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("texts are split into the pieces that the reference gives") {
  census::pre_tokenizer const pre_tokenizer;
  for (auto const& c : reference_cases()) {
    CAPTURE(c.group, c.text);
    std::vector<std::size_t> lengths;
    std::string joined;
    for (auto const piece : pre_tokenizer.split(c.text)) {
      lengths.push_back(piece.size());
      joined += piece;
    }
    CHECK(lengths == c.pieces);
    CHECK(joined == c.text);
  }
}

TEST_CASE("texts have the ids that the reference gives, and decode to the same bytes") {
  auto const tokenizer = census::open_tokenizer(reference_folder, 2);
  std::map<std::string, int> seen;
  for (auto const& c : reference_cases()) {
    CAPTURE(c.group, c.text);
    CHECK(tokenizer.encode(c.text) == c.ids);
    CHECK(tokenizer.decode(c.ids) == c.text);
    ++seen[c.group];
  }
  for (auto const* group :
       {"empty", "contractions", "spaces", "newlines and tabs", "digits", "scripts", "emoji", "combining marks",
        "unicode spaces", "special names", "invalid UTF-8", "long pieces", "random"})
    CHECK(seen[group] > 0);
}

TEST_CASE("exactly Unicode's White_Space is space") {
  census::pre_tokenizer const pre_tokenizer;
  auto const expected = reference_file()["white_space"].get<std::vector<unsigned>>();
  REQUIRE(expected.size() == 25);
  std::vector<unsigned> found;
  for (unsigned code = 0; code < 0x110000; ++code) {
    if (code >= 0xd800 && code < 0xe000) continue;
    std::string const character = utf8(code);
    // Two spaces between letters are two pieces, U+0020 joining what follows; two of anything else are one piece or
    // part of one.
    auto const pieces = pre_tokenizer.split("x" + character + character + "x").size();
    if (pieces == 4 || code == 0x20) found.push_back(code);
  }
  CHECK(found == expected);
}
