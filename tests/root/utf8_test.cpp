// SPDX-License-Identifier: MIT
#include <census/utf8.hpp>

#include <support/catch.hpp>

#include <string>

namespace {

// UTF-8's bit layout in a given length, also where UTF-8 forbids it.
std::string laid_out(unsigned code, int length) {
  auto const tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (length == 1) return {static_cast<char>(code)};
  if (length == 2) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (length == 3) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("every code point is one character, and its bytes are none in any other length") {
  bool right = true;
  for (unsigned code = 0; code < 0x200000; ++code)
    for (int length = 1; length <= 4; ++length) {
      if (code >= (length == 1 ? 0x80u : length == 2 ? 0x800u : length == 3 ? 0x10000u : 0x200000u)) continue;
      bool const is_shortest = length == (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
      bool const is_scalar = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
      std::size_t const expected = is_shortest && is_scalar ? static_cast<std::size_t>(length) : 0;
      right &= census::character_length(laid_out(code, length) + "x") == expected;
    }
  CHECK(right);
}

TEST_CASE("a character that is cut short is none") {
  for (std::string const whole : {"é", "神", "🙂"})
    for (std::size_t length = 1; length < whole.size(); ++length) {
      CHECK(census::character_length(whole.substr(0, length)) == 0);
      CHECK(census::character_length(whole.substr(0, length) + "x") == 0);
    }
  CHECK(census::character_length("") == 0);
  CHECK(census::character_length(std::string_view("\0", 1)) == 1);
}

TEST_CASE("a text is cut where the well-formed characters end and where they begin again") {
  CHECK(census::well_formed_prefix("a神\xff") == 4);
  CHECK(census::well_formed_prefix("\xff") == 0);
  CHECK(census::ill_formed_prefix("\xff\xe7\xa5x") == 3);
  CHECK(census::ill_formed_prefix("\xff\xe7\xa5\x9e") == 1);
  CHECK(census::ill_formed_prefix("x") == 0);
}

TEST_CASE("bytes that are no UTF-8 are escaped, and all else stays") {
  CHECK(census::well_formed("a\xff神\xe7\xa5x\xe9") == R"(a\xff神\xe7\xa5x\xe9)");
  for (std::string const text : {"", "a\n\\", "神"}) CHECK(census::well_formed(text) == text);
  CHECK(census::well_formed(std::string(3, '\x80')) == R"(\x80\x80\x80)");
}

TEST_CASE("an unfinished suffix is the beginning of a character, and nothing else is") {
  CHECK(census::unfinished_suffix("") == 0);
  CHECK(census::unfinished_suffix("abc") == 0);
  CHECK(census::unfinished_suffix("神") == 0);
  CHECK(census::unfinished_suffix("a\xe7") == 1);
  CHECK(census::unfinished_suffix("a\xe7\xa5") == 2);
  CHECK(census::unfinished_suffix("a\xf0\x9f\x99") == 3);
  CHECK(census::unfinished_suffix("a\xf0\x9f\x99\x82") == 0);
  CHECK(census::unfinished_suffix("\x80\x80\x80") == 0);
}
