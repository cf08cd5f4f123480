// SPDX-License-Identifier: MIT
#include <census/tokenizer/detail/byte_alphabet.hpp>

#include <support/catch.hpp>

#include <set>

TEST_CASE("each byte has a character of its own, and reads back") {
  static constexpr census::byte_alphabet alphabet;
  std::set<char16_t> characters;
  for (int byte = 0; byte < 256; ++byte) {
    auto const character = alphabet.character(static_cast<unsigned char>(byte));
    characters.insert(character);
    CHECK(alphabet.byte(character) == static_cast<unsigned char>(byte));
  }
  CHECK(characters.size() == 256);
}

TEST_CASE("the alphabet is the published one") {
  static constexpr census::byte_alphabet alphabet;
  STATIC_REQUIRE(alphabet.character('A') == u'A');
  STATIC_REQUIRE(alphabet.character(' ') == u'\u0120');
  STATIC_REQUIRE(alphabet.character('\n') == u'\u010a');
  STATIC_REQUIRE(alphabet.character(0) == u'\u0100');
  STATIC_REQUIRE(alphabet.character(0x7f) == u'\u0121');
  STATIC_REQUIRE(alphabet.character(0xa0) == u'\u0142');
  STATIC_REQUIRE(alphabet.character(0xa1) == u'\u00a1');
  STATIC_REQUIRE(alphabet.character(0xad) == u'\u0143');
  STATIC_REQUIRE(alphabet.character(0xff) == u'\u00ff');
}

TEST_CASE("a spelling reads back as its bytes, whatever they are") {
  census::byte_alphabet const alphabet;
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  CHECK(alphabet.read(alphabet.spell(bytes)) == bytes);
  CHECK(alphabet.spell(" the") == "Ġthe");
  CHECK(alphabet.read("") == "");
}

TEST_CASE("what is outside the alphabet does not read") {
  census::byte_alphabet const alphabet;
  for (auto const* spelling : {" ", "a b", "\n", "神", "\u00a0", "\u0144", "\u00ad", "🙂", "a\xc3", "\x80", "\xff"}) {
    CAPTURE(spelling);
    CHECK_FALSE(alphabet.read(spelling).has_value());
  }
}
