// SPDX-License-Identifier: MIT
#include <census/json.hpp>

#include <support/catch.hpp>

#include <limits>
#include <string>

namespace {

std::string nested(std::size_t depth, std::string const& inmost) {
  return std::string(depth, '[') + inmost + std::string(depth, ']');
}

}  // namespace

TEST_CASE("JSON is read as the library itself reads it") {
  for (std::string const text :
       {"null", "true", "0", "-7", "18446744073709551615", "1.5e-3", "\"\\u00e9\\n\"", "[]", "{}",
        "[1,[2,{\"a\":[]}],\"b\"]", "{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}],\"\":false}"})
    CHECK(census::parse_json(text, "x") == nlohmann::json::parse(text));
  auto const number = census::parse_json("18446744073709551615", "x");
  CHECK((number.is_number_unsigned() && number == std::numeric_limits<std::uint64_t>::max()));
}

TEST_CASE("malformed JSON is refused with its byte") {
  CHECK_THROWS_WITH(census::parse_json("", "x"), "x: malformed JSON at byte 1");
  CHECK_THROWS_WITH(census::parse_json("[1,]", "x"), "x: malformed JSON at byte 4");
  CHECK_THROWS_WITH(census::parse_json("{} {}", "x"), "x: malformed JSON at byte 4");
  CHECK_THROWS_WITH(census::parse_json("\"\xff\"", "x"), "x: malformed JSON at byte 2");
  CHECK_THROWS_WITH(census::parse_json("[1e999]", "x"), "x: malformed JSON: a number is out of range");
}

TEST_CASE("a NUL byte is refused wherever it stands, and nothing behind it is passed over") {
  using namespace std::string_literals;
  CHECK_THROWS_WITH(census::parse_json("{}\0garbage"s, "x"), "x: malformed JSON at byte 3: a NUL byte");
  CHECK_THROWS_WITH(census::parse_json("\0"s, "x"), "x: malformed JSON at byte 1: a NUL byte");
  CHECK_THROWS_WITH(census::parse_json("[\"a\0\"]"s, "x"), "x: malformed JSON at byte 4: a NUL byte");
  CHECK(census::parse_json(R"(["a\u0000"])", "x")[0] == "a\0"s);
}

TEST_CASE("time does not grow with the square of how many values lie beside each other") {
  // A quadratic reader takes minutes for these, and the test runs out of time.
  std::string objects = "{\"text\":\"a b\",\"a\":[", keys = "{";
  for (int i = 0; i < 400'000; ++i) objects += "{},";
  for (int i = 0; i < 200'000; ++i) keys += "\"t" + std::to_string(i) + "\":{\"shape\":[1,2]},";
  CHECK(census::parse_json(objects + "{}]}", "x")["a"].size() == 400'001);
  CHECK(census::parse_json(keys + "\"last\":[]}", "x").size() == 200'001);
}

TEST_CASE("a key that an object has twice is refused, whatever lies between") {
  CHECK_THROWS_WITH(census::parse_json(R"({"a":1,"b":{"a":2},"a":3})", "x"), "x: the JSON has the key \"a\" twice");
  CHECK_THROWS_WITH(census::parse_json(R"([{"b":{"a\n":[1],"a\n":3}}])", "x"),
                    R"(x: the JSON has the key "a\n" twice)");
}

TEST_CASE("JSON may be nested as deeply as allowed, and no deeper") {
  CHECK_NOTHROW(census::parse_json(nested(16, "1"), "x"));
  CHECK_THROWS_WITH(census::parse_json(nested(17, "1"), "x"), "x: the JSON is nested too deeply");
  CHECK_NOTHROW(census::parse_json(nested(2, "1"), "x", 2));
  CHECK_THROWS_WITH(census::parse_json(nested(3, "1"), "x", 2), "x: the JSON is nested too deeply");
  CHECK_THROWS_WITH(census::parse_json(nested(1'000'000, ""), "x"), "x: the JSON is nested too deeply");
}

TEST_CASE("a name out of a file fits into a message of one line") {
  CHECK(census::escaped_name("a\n\"b\"\x01") == R"("a\n\"b\"\u0001")");
  CHECK(census::escaped_name("abc", 2) == "\"ab\" ...");
  CHECK(census::escaped_name("\xff") == "\"\\ufffd\"");
}

TEST_CASE("JSON as text is one line or indented, its bytes that are no UTF-8 shown as U+FFFD") {
  nlohmann::ordered_json const value{{"b", "\xff\u2028"}, {"a", {1, 2}}};
  CHECK(census::json_text(value) == "{\"b\":\"\ufffd\u2028\",\"a\":[1,2]}");
  CHECK(census::json_text(nlohmann::json{{"a", 1}}, 2) == "{\n  \"a\": 1\n}");
}
