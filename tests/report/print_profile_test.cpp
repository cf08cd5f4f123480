// SPDX-License-Identifier: MIT
#include <census/report/print_profile.hpp>

#include "shown_profile.hpp"

#include <support/catch.hpp>

#include <sstream>

TEST_CASE("a token's text fits one line whatever bytes it holds") {
  CHECK(census::in_one_line("a b") == "\"a b\"");
  CHECK(census::in_one_line("\n\t\"\\") == "\"\\n\\t\\\"\\\\\"");
  CHECK(census::in_one_line("\x01\xff") == "\"\\x01\\xff\"");
  CHECK(census::in_one_line("\xc3\xa9\xe6\x97\xa5") == "\"\xc3\xa9\xe6\x97\xa5\"");  // whole characters stay
  CHECK(census::in_one_line("\xc2\x9b"
                            "31m\xe2\x80\xae\xe2\x80\xa8") == "\"\\u009b31m\\u202e\\u2028\"");
  CHECK(census::in_one_line("\xe6\x97") == "\"\\xe6\\x97\"");  // part of one does not
}

TEST_CASE("a profile names the neuron, its tokens, and what it promotes and suppresses") {
  std::ostringstream out;
  census::print_profile(out, census_test::shown_profile());
  CHECK(out.str() == "layer 3, neuron 17: fired 200 times, 95 % of them on 2 tokens (a token detector)\n"
                     "  fires on    \" the\" (95 % of 200) \"\\xff\\n\" (100 % of 10)\n"
                     "  promotes    \"a\\\"b\"\n"
                     "  suppresses  \"\xc3\xa9\"\n");
}

TEST_CASE("a token at which a neuron does not always fire is not told with 100 %") {
  auto profile = census_test::shown_profile();
  profile.ngrams = {{{7}, " the", 249, 250}};
  std::ostringstream out;
  census::print_profile(out, profile);
  CHECK_THAT(out.str(), Catch::Contains("\" the\" (99 % of 250)"));
}

TEST_CASE("of many n-grams the first eight are printed, and how many more there are") {
  auto profile = census_test::shown_profile();
  profile.ngrams.assign(11, profile.ngrams.front());
  profile.is_detector = false, profile.cover = 1;
  std::ostringstream out;
  census::print_profile(out, profile);
  CHECK_THAT(out.str(), Catch::Contains("on 1 token\n") && Catch::Contains(" and 3 more\n"));
}

TEST_CASE("a profile of a detector of n-grams calls them so") {
  auto profile = census_test::shown_profile();
  profile.cover = 1, profile.ngrams = {{{7, 9}, "to be", 4, 4}};
  std::ostringstream out;
  census::print_profile(out, profile);
  CHECK_THAT(out.str(), Catch::StartsWith("layer 3, neuron 17: fired 200 times, 95 % of them on 1 bigram (a bigram "
                                          "detector)\n"));

  profile.cover = 2, profile.ngrams = {{{7, 9, 1, 2}, "to be or not", 4, 4}};
  out.str("");
  census::print_profile(out, profile);
  CHECK_THAT(out.str(), Catch::Contains("on 2 4grams (a 4gram detector)\n"));
}
