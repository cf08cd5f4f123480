// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/tabulation/key_function.hpp>
#include <census/tabulation/regroup.hpp>

#include "two_sequences.hpp"

#include <support/catch.hpp>

#include <bitset>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

using census::token_at;

namespace {

/// One neuron that fires exactly at odd tokens; tokens 0 to 63, each twice.
census::block fires_at_odd_tokens() {
  census::text_rows rows;
  std::vector<float> values;
  for (std::uint32_t i = 0; i < 128; ++i) {
    rows.tokens.push_back(i * 37 % 64);
    values.push_back(rows.tokens.back() % 2 == 1 ? 1.f : 0.f);
  }
  rows.sequences = {{.length = 128}};
  return census::make_block(0, census::share(rows), {std::move(values), 1});
}

/// What a library of its own may return for an element.
struct own_reference {
  double& to;
  explicit own_reference(double& element) : to(element) {}
  own_reference(own_reference const&) = default;
  own_reference& operator=(own_reference const& other) { return to = other.to, *this; }
  operator double() const { return to; }
};

/// A number with an order that a conversion does not make a reference.
struct part_of_speech {
  int number = 0;
  operator int() const { return number; }
  auto operator<=>(part_of_speech const&) const = default;
};

}  // namespace

TEST_CASE("a key out of a std::vector<bool> is the bool, and the vector stays as it is") {
  std::vector<bool> odd(64);
  for (std::size_t token = 1; token < 64; token += 2) odd[token] = true;
  auto const before = odd;
  census::firings_by by_odd{[&](token_at at) { return odd[at.token()]; }};
  STATIC_REQUIRE(std::same_as<decltype(by_odd)::key_type, bool>);
  by_odd.observe(fires_at_odd_tokens());
  CHECK(census::mutual_information(by_odd.table(0)).at(0) == Approx(std::log(2)));
  CHECK(odd == before);
}

TEST_CASE("a proxy inside an optional, a tuple of keys or a regrouped table is its value as well") {
  std::vector<bool> odd(64);
  for (std::size_t token = 1; token < 64; token += 2) odd[token] = true;
  auto const before = odd;
  auto const is_odd = [&](token_at at) { return odd[at.token()]; };
  census::firings_by optional{[&](token_at at) { return std::optional(odd[at.token()]); }};
  census::firings_by in_tuple{census::key::tuple{is_odd, census::key::domain{}}};
  census::firings_by made{[&](token_at at) { return std::make_tuple(odd[at.token()], at.domain()); }};
  census::firings_by by_token{census::key::token{}};
  auto const block = fires_at_odd_tokens();
  optional.observe(block), in_tuple.observe(block), made.observe(block), by_token.observe(block);
  auto const regrouped = census::regroup(by_token.table(0), [&](census::token_id token) { return odd[token]; });

  STATIC_REQUIRE(std::same_as<decltype(optional)::key_type, bool>);
  STATIC_REQUIRE(std::same_as<decltype(in_tuple)::key_type, std::tuple<bool, std::uint16_t>>);
  STATIC_REQUIRE(std::same_as<decltype(made)::key_type, std::tuple<bool, std::uint16_t>>);
  CHECK(regrouped == optional.table(0));
  CHECK(made.table(0) == in_tuple.table(0));
  for (auto const& information :
       {census::mutual_information(optional.table(0)), census::mutual_information(made.table(0))})
    CHECK(information.at(0) == Approx(std::log(2)));
  CHECK(odd == before);
}

TEST_CASE("an optional proxy without a value counts nothing, and one of false counts false") {
  auto const rows = census_test::two_sequences();
  std::vector<bool> flags{false, true};
  auto const key = [&](token_at at) { return at.position() < 2 ? std::optional(flags[at.position()]) : std::nullopt; };
  CHECK(census::key_at(key, census_test::place(rows, 0)) == false);
  CHECK(census::key_at(key, census_test::place(rows, 1)) == true);
  CHECK(census::key_at(key, census_test::place(rows, 2)) == std::nullopt);
}

TEST_CASE("what refers to something else is counted under its value, in words or numbers") {
  std::bitset<8> bits;
  int number = 3, other = 4;
  auto const of_bits = [&](token_at) { return bits[2]; };
  auto const tied = [&](token_at) { return std::tie(number, other); };
  auto const paired = [&](token_at) { return std::pair<int&, int&>(number, other); };
  auto const wrapped = [&](token_at) { return std::ref(number); };
  auto const literal = [](token_at at) { return at.is_bos() ? "first" : "later"; };
  auto const view = [](token_at) { return std::string_view("word"); };
  auto const before = [](token_at at) { return at.before(1); };
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(of_bits)>, bool>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(tied)>, std::tuple<int, int>>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(paired)>, std::pair<int, int>>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(wrapped)>, int>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(literal)>, std::string>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(view)>, std::string>);
  STATIC_REQUIRE(std::same_as<census::key_of<decltype(before)>, census::token_id>);

  auto const rows = census_test::two_sequences();
  auto const first = census::key_at(tied, census_test::place(rows, 0));
  number = 30;
  CHECK(first == std::tuple(3, 4));
  CHECK(census::key_at(literal, census_test::place(rows, 0)) == "first");
  CHECK(census::key_at(before, census_test::place(rows, 1)) == std::nullopt);
  CHECK(census::key_at(before, census_test::place(rows, 2)) == 10);
}

TEST_CASE("what refers to something else and has no value that is known is no key") {
  double element = 1;
  auto const pointer = [&](token_at) { return &element; };
  auto const shared = [](token_at) { return std::make_shared<int>(3); };
  auto const iterator = [](token_at) { return std::vector<int>::const_iterator(); };
  auto const own = [&](token_at) { return own_reference(element); };
  auto const inside = [&](token_at) { return std::tuple(3, &element); };
  STATIC_REQUIRE_FALSE(census::key_function<decltype(pointer)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(shared)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(iterator)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(own)>);
  STATIC_REQUIRE_FALSE(census::key_function<decltype(inside)>);
  auto const value = [](token_at) { return part_of_speech{3}; };
  STATIC_REQUIRE(census::key_function<decltype(value)>);
}
