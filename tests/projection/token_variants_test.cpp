// SPDX-License-Identifier: MIT
#include <census/projection/token_variants.hpp>

#include <support/catch.hpp>

TEST_CASE("case and the space around it do not tell tokens apart, all else does") {
  CHECK(census::folded(" The") == "the");
  CHECK(census::folded("\n\t") == "");
  CHECK(census::folded("a B ") == "a b");
  CHECK(census::folded("[@`{Z]") == "[@`{z]");
  CHECK(census::folded("ÄÖÜ×ß") == "äöü×ß");
  CHECK(census::folded("ΑΩ αω") == "αω αω");
  CHECK(census::folded("ЁЖ Яёжя") == "ёж яёжя");
  CHECK(census::folded("日本 Ω") == "日本 ω");
  CHECK(census::folded("\xc3") == "\xc3");  // half a character stays what it is
  CHECK(census::folded("\xc3 A") == "\xc3 a");
  CHECK(census::folded("\xce\xce\x91") == "\xce\xce\xb1");
}

TEST_CASE("tokens are grouped by their folded text") {
  std::vector<std::string> const texts{"the", " The", "THE", "then", " ", "\n", "he"};
  census::token_variants const variants(texts.size(), [&](census::token_id token) { return texts[token]; });
  CHECK(variants.tokens() == 7);
  CHECK(variants.class_of(0) == variants.class_of(2));
  CHECK(variants.class_of(4) == variants.class_of(5));
  std::vector<census::token_id> const some{5, 2, 1, 3, 4};
  CHECK(variants.classes_of(some).size() == 3);
  CHECK_THROWS_AS(variants.class_of(7), std::out_of_range);
}
