// SPDX-License-Identifier: MIT
#include <census/content_hash.hpp>

#include <support/catch.hpp>

#include <optional>
#include <string>

TEST_CASE("content_hash is FNV-1a, and may be taken piece by piece") {
  STATIC_REQUIRE(census::content_hash("") == 0xcbf29ce484222325);  // the published test vectors
  STATIC_REQUIRE(census::content_hash("a") == 0xaf63dc4c8601ec8c);
  STATIC_REQUIRE(census::content_hash("foobar") == 0x85944171f73967e8);
  STATIC_REQUIRE(census::content_hash("bar", census::content_hash("foo")) == census::content_hash("foobar"));
}

TEST_CASE("a hash is told as 16 hexadecimal digits, and read back from nothing else") {
  CHECK(census::hash_digits(0x00af63dc4c8601ec) == "00af63dc4c8601ec");
  CHECK(census::hash_of_digits("00af63dc4c8601ec") == 0x00af63dc4c8601ecu);
  for (auto const* none : {"", "af63dc4c8601ec", "00af63dc4c8601ecc", "00af63dc4c8601eg", "-0af63dc4c8601ec"})
    CHECK(census::hash_of_digits(none) == std::nullopt);
}

TEST_CASE(
    "the hash of a file that is not too large is that of all of its bytes, and of a larger one, it knows the size "
    "and the ends") {
  CHECK(census::sampled_hash("foobar") == census::content_hash("foobar"));
  std::string large((64 << 20) + 37, 'x');
  auto const hash = census::sampled_hash(large);
  CHECK(census::sampled_hash(large + "x") != hash);
  large.front() = 'y';
  CHECK(census::sampled_hash(large) != hash);
  large.front() = 'x';
  large.back() = 'y';
  CHECK(census::sampled_hash(large) != hash);
}
