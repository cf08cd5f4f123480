// SPDX-License-Identifier: MIT
#include <census/document_subset.hpp>

#include <support/catch.hpp>

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using subset = census::document_subset;
using numbers = std::vector<std::uint64_t>;

numbers listed(subset const& some, std::uint64_t documents) {
  numbers all;
  for (std::uint64_t d = 0; d < documents; ++d)
    if (some.contains(d)) all.push_back(d);
  return all;
}

}  // namespace

TEST_CASE("every document is in one of N parts") {
  for (std::uint64_t parts = 1; parts <= 7; ++parts) {
    numbers met;
    for (std::uint64_t i = 1; i <= parts; ++i)
      for (std::uint64_t const d : listed(subset::part(i, parts), 30)) met.push_back(d);
    CHECK(met.size() == 30);
    CHECK(std::set(met.begin(), met.end()).size() == 30);
  }
  CHECK(listed(subset::part(2, 3), 9) == numbers{1, 4, 7});
  CHECK(listed({}, 3) == numbers{0, 1, 2});
}

TEST_CASE("joined parts hold the documents of either, and are equal however they came about") {
  for (std::uint64_t n = 1; n <= 8; ++n)
    for (std::uint64_t m = 1; m <= 8; ++m)
      for (std::uint64_t i = 1; i <= n; ++i)
        for (std::uint64_t j = 1; j <= m; ++j) {
          auto const a = subset::part(i, n), b = subset::part(j, m);
          std::set<std::uint64_t> expected;
          for (auto const& one : {a, b})
            for (std::uint64_t const d : listed(one, 200)) expected.insert(d);
          bool const disjoint = expected.size() == listed(a, 200).size() + listed(b, 200).size();
          CHECK(subset::common(a, b, 0, 199, 1).empty() == disjoint);
          if (!disjoint) {
            CHECK_THROWS_AS(a.joined(b), std::invalid_argument);
            continue;
          }
          CHECK(listed(a.joined(b), 200) == numbers(expected.begin(), expected.end()));
          CHECK(a.joined(b) == b.joined(a));
        }
  CHECK(subset::part(1, 2).joined(subset::part(2, 2)) == subset());
  CHECK(subset::part(2, 4).joined(subset::part(4, 4)) == subset::part(2, 2));
  auto const of_three = subset::part(3, 3).joined(subset::part(1, 3));
  CHECK(of_three.joined(subset::part(2, 3)).is_all());
  CHECK_FALSE(of_three.is_all());
}

TEST_CASE("documents that two sets share are told, the first of them first") {
  CHECK(subset::common(subset::part(2, 3), subset::part(1, 2), 0, 99, 4) == numbers{4, 10, 16, 22});
  CHECK(subset::common(subset::part(2, 3), subset::part(1, 2), 5, 16, 4) == numbers{10, 16});
  CHECK(subset::common(subset::part(2, 3), {}, 0, 5, 10) == numbers{1, 4});
  CHECK(subset::common(subset::part(1, 60000), subset::part(1, 59999), 0, 1'000'000, 10) == numbers{0});
  CHECK(subset::common(subset::part(5, 5), {}, 0, 3, 10).empty());
  CHECK(subset::common({}, {}, 4, 3, 10).empty());
}

TEST_CASE("a part is named as it is read") {
  CHECK(subset::parse("2/3") == subset::part(2, 3));
  CHECK(subset::parse("1/1").is_all());
  CHECK(subset::part(2, 3).names() == std::vector<std::string>{"2/3"});
  CHECK(subset::part(1, 3).joined(subset::part(3, 3)).names() == std::vector<std::string>{"1/3", "3/3"});
  CHECK(subset().names() == std::vector<std::string>{"1/1"});
  for (auto const* none : {"", "1", "/", "1/", "/2", "0/2", "3/2", "-1/2", "1/2/3", "a/2", "1/65537", "1 /2",
                           "99999999999999999999999/99999999999999999999999"}) {
    INFO(none);
    CHECK_THROWS_AS(subset::parse(none), std::invalid_argument);
  }
  CHECK_THROWS_AS(subset::part(0, 2), std::invalid_argument);
  CHECK_THROWS_AS(subset::part(3, 2), std::invalid_argument);
}

TEST_CASE("parts too different to be told as one set are refused") {
  CHECK_THROWS_AS(subset::part(1, 65536).joined(subset::part(2, 65534)), std::invalid_argument);
}
