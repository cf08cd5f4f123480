// SPDX-License-Identifier: MIT
#include <census/error.hpp>

#include <support/catch.hpp>

#include <string>

TEST_CASE("bad input says its place, then its cause, and is a runtime error") {
  STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, census::bad_input>);
  CHECK(std::string(census::bad_input("a.txt, line 7", "no number").what()) == "a.txt, line 7: no number");
}

TEST_CASE("bad input is told in one line, whatever the names in it") {
  CHECK(std::string(census::bad_input("a\nb", "the name \x1b[31m is none").what()) ==
        "a\\u000ab: the name \\u001b[31m is none");
}
