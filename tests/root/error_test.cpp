// SPDX-License-Identifier: MIT
#include <census/error.hpp>

#include <support/catch.hpp>

#include <string>

TEST_CASE("bad input says its place, then its cause, and is a runtime error") {
  STATIC_REQUIRE(std::is_base_of_v<std::runtime_error, census::bad_input>);
  CHECK(std::string(census::bad_input("a.txt, line 7", "no number").what()) == "a.txt, line 7: no number");
}
