// SPDX-License-Identifier: MIT
#include <census/printable.hpp>

#include <support/catch.hpp>

#include <string>
#include <string_view>

TEST_CASE("what may steer a terminal, and what is not seen, is escaped, and all other text stays") {
  auto const expect = [](std::string_view text, std::string_view shown) { CHECK(census::printable(text) == shown); };
  expect("", "");
  expect("plain, with spaces", "plain, with spaces");
  expect("caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x99\x82", "caf\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x99\x82");
  expect("a\nb\tc\r", "a\\u000ab\\u0009c\\u000d");
  expect("\x1b[31mred\x7f", "\\u001b[31mred\\u007f");
  expect(std::string_view("\0", 1), "\\u0000");
  expect("\xc2\x9b"
         "31m",
         "\\u009b31m");  // CSI in one character
  expect("\xe2\x80\xae"
         "txt.exe",
         "\\u202etxt.exe");                                // right to left from here
  expect("\xe2\x80\xa8|\xe2\x80\xa9", "\\u2028|\\u2029");  // line and paragraph separators
  expect("\xe2\x81\xa6\xe2\x81\xa9\xd8\x9c", "\\u2066\\u2069\\u061c");
  expect("\u00ad\u200b\u200d\u2060\u2064\ufeff", "\\u00ad\\u200b\\u200d\\u2060\\u2064\\ufeff");
  expect("\U000e0001\U000e0041\U000e007f", "\\U000e0001\\U000e0041\\U000e007f");  // tags
}

TEST_CASE("the neighbours of what is escaped stay") {
  for (std::string_view const text : {" ", "~", "\u00a0", "\u00ac", "\u00ae", "\u200a", "\u2010", "\u2027", "\u202f",
                                      "\u205f", "\u2065", "\u2070", "\ufe0f", "\uff00", "\U000e0080"})
    CHECK(census::printable(text) == text);
}

TEST_CASE("bytes that are no UTF-8 are escaped one by one, and what follows is read again") {
  CHECK(census::printable("\xff"
                          "a\xc3") == "\\xffa\\xc3");
  CHECK(census::printable("\xe2\x80"
                          "b") == "\\xe2\\x80b");
  CHECK(census::printable("\x9b"
                          "31m") == "\\x9b31m");  // CSI as one byte
}
