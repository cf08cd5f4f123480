// SPDX-License-Identifier: MIT
#include <census/tokenizer/detail/pre_tokenizer.hpp>

#include <support/catch.hpp>

#include <random>
#include <string>
#include <vector>

namespace {
using pieces = std::vector<std::string_view>;
pieces split(std::string_view text) { return census::pre_tokenizer().split(text); }
}  // namespace

TEST_CASE("contractions are pieces in small letters only, letters before them or not") {
  CHECK(split("I'm sure they'd've") == pieces{"I", "'m", " sure", " they", "'d", "'ve"});
  CHECK(split("IT'S") == pieces{"IT", "'", "S"});
  CHECK(split("it’s") == pieces{"it", "’", "s"});
  CHECK(split(" 's") == pieces{" '", "s"});
}

TEST_CASE("a run of spaces leaves its last one to the word that follows") {
  CHECK(split("a   b") == pieces{"a", "  ", " b"});
  CHECK(split("a   ") == pieces{"a", "   "});
  CHECK(split("   ") == pieces{"   "});
  CHECK(split("a \n b") == pieces{"a", " \n", " b"});
}

TEST_CASE("only U+0020 joins the word that follows") {
  CHECK(split("a\n\nb") == pieces{"a", "\n", "\n", "b"});
  CHECK(split("\t\tx") == pieces{"\t", "\t", "x"});
  CHECK(split("a\u00a0b") == pieces{"a", "\u00a0", "b"});
}

TEST_CASE("letters, numbers and the rest are apart, and marks are of the rest") {
  CHECK(split("abc123 45,6") == pieces{"abc", "123", " 45", ",", "6"});
  CHECK(split("神2½") == pieces{"神", "2½"});
  CHECK(split("e\u0301a") == pieces{"e", "\u0301", "a"});
  CHECK(split("x🙂👍 🙂") == pieces{"x", "🙂👍", " 🙂"});
}

TEST_CASE("a zero-width space and U+180E are no spaces") {
  CHECK(split("a\u200bb") == pieces{"a", "\u200b", "b"});
  CHECK(split("a \u180e") == pieces{"a", " \u180e"});
}

TEST_CASE("runs of bytes that are no UTF-8 are pieces of their own") {
  CHECK(split("a\xff\xfe b") == pieces{"a", "\xff\xfe", " b"});
  CHECK(split("a  \xff") == pieces{"a", "  ", "\xff"});
  CHECK(split("\xe7\xa5") == pieces{"\xe7\xa5"});
  CHECK(split("\xe7\xa5\xe7\xa5\x9e") == pieces{"\xe7\xa5", "神"});
}

TEST_CASE("an empty text has no pieces, a NUL is a character like any other") {
  CHECK(split("").empty());
  CHECK(split(std::string_view("a\0\0b", 4)) == pieces{"a", std::string_view("\0\0", 2), "b"});
}

TEST_CASE("pieces of any length are found whole") {
  census::pre_tokenizer const pre_tokenizer;
  std::size_t const many = 4'000'000;
  for (std::string const unit : {"a", "1", "=", " ", "\n", "神", "\u3000", "🙂", "\xff", " \n"}) {
    std::string text;
    for (std::size_t i = 0; i < many / unit.size(); ++i) text += unit;
    CAPTURE(unit);
    CHECK(pre_tokenizer.split(text).size() == 1);
  }
  std::string const spaces(many, ' ');
  CHECK(pre_tokenizer.split(spaces + "x") == pieces{std::string_view(spaces).substr(1), " x"});
}

TEST_CASE("pieces that are certain are those of the text, however it goes on, and all but a few are") {
  std::vector<std::string> const parts{"a",    "bc",       " ",      "  ",     "\n",     "\t",       "7",      ",",
                                       "'s",   "'",        "\u00a0", "\u3000", "\u2028", "\u0085",   "\u0082", "。",
                                       "\xe2", "\xe2\x80", "\xff",   "é",      "\r\n",   "\v",       "\x1f",   "\u180e",
                                       "r",    "e",        "l",      "神",     "🙂",   "\xf0\x9f", "\x99"};
  std::mt19937 random(5);
  census::pre_tokenizer const pre_tokenizer;
  std::size_t certain = 0, uncertain = 0;
  auto const any = [&] {
    std::string text;
    for (std::size_t count = 1 + random() % 12; count > 0; --count) text += parts[random() % parts.size()];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    auto const beginning = any(), whole = beginning + (round % 4 == 0 ? "" : any());
    pieces joined;
    std::size_t const end =
        pre_tokenizer.for_each_certain_piece(beginning, [&](auto piece) { joined.push_back(piece); });
    CAPTURE(beginning, whole, end);
    REQUIRE(end <= beginning.size());
    for (auto const piece : pre_tokenizer.split(std::string_view(whole).substr(end))) joined.push_back(piece);
    REQUIRE(joined == pre_tokenizer.split(whole));
    certain += end, uncertain += beginning.size() - end;
  }
  CHECK(certain > uncertain);
}

TEST_CASE("no white space is needed for pieces to be certain") {
  std::string const text = "你好。世界，神经元。";
  std::size_t const end = census::pre_tokenizer().for_each_certain_piece(text, [](auto) {});
  CHECK(text.substr(end) == "。");
}
