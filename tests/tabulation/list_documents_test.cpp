// SPDX-License-Identifier: MIT
#include <census/tabulation/list_documents.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace {

/// A text of sequences of four tokens, 10 s .. 10 s + 3 for the s-th, as `sequences` say which documents they are of.
census::shared_text text_of(std::vector<census::sequence> sequences) {
  census::text_rows rows;
  for (census::sequence& one : sequences) {
    one.first_row = static_cast<std::uint32_t>(rows.tokens.size()), one.length = 4;
    for (census::token_id i = 0; i < 4; ++i) rows.tokens.push_back(10 * (one.piece + 1) + i);
    rows.sequences.push_back(one);
  }
  return census::share(std::move(rows));
}

}  // namespace

TEST_CASE("a document spread over texts is listed once, with its tokens and sequences added up") {
  auto const first = text_of({{.document = 7, .piece = 0, .domain = 1, .full = true},
                              {.document = 3, .piece = 0, .domain = 0, .full = true},
                              {.document = 3, .piece = 1, .domain = 0, .full = true}});
  auto const second = text_of({{.document = 7, .piece = 2, .domain = 1, .full = false},
                               {.document = 7, .piece = 1, .domain = 1, .full = true}});
  auto const documents = census::list_documents(std::vector{first, second});
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].number == 3);
  CHECK(documents[0].domain == 0);
  CHECK(documents[0].tokens == 8);
  CHECK(documents[0].full_sequences == 2);
  CHECK(documents[0].full_inside == 1);
  CHECK(documents[1].number == 7);
  CHECK(documents[1].domain == 1);
  CHECK(documents[1].tokens == 12);
  CHECK(documents[1].full_sequences == 2);
  CHECK(documents[1].full_inside == 1);
  CHECK(census::list_documents(std::vector{second, first}) == documents);
}

TEST_CASE("a document's hash is of what it says, whatever its number, its domain and the order of its pieces") {
  auto const documents = census::list_documents(std::vector{text_of({{.document = 5, .piece = 0},
                                                                     {.document = 5, .piece = 1},
                                                                     {.document = 9, .piece = 1, .domain = 3},
                                                                     {.document = 9, .piece = 0, .domain = 3},
                                                                     {.document = 2, .piece = 0, .domain = 4}})});
  REQUIRE(documents.size() == 3);
  CHECK(documents[0].hash == documents[1].hash);  // 5 and 9
  CHECK(documents[2].hash != documents[1].hash);  // 2 says less
}

TEST_CASE("copies in several domains are all of the same one of these, whatever the numbers of the domains") {
  auto const listed = [](std::uint16_t a, std::uint16_t b) {
    return census::list_documents(std::vector{text_of({{.document = 1, .piece = 0, .domain = a},
                                                       {.document = 2, .piece = 1, .domain = a},
                                                       {.document = 3, .piece = 1, .domain = b},
                                                       {.document = 4, .piece = 2, .domain = b},
                                                       {.document = 5, .piece = 1, .domain = b}})});
  };
  std::vector<std::vector<std::uint64_t>> beside_copies;
  for (auto const& documents : {listed(0, 1), listed(1, 0)}) {
    CHECK(census::count_distinct(documents) == 3);
    auto const copy = std::ranges::find(documents, 2u, &census::text_document::number);
    REQUIRE(documents.end() - copy >= 3);
    beside_copies.emplace_back();
    for (census::text_document const& one : documents) {
      CHECK(are_copies(one, *copy) == (one.number == 2 || one.number == 3 || one.number == 5));
      if (are_copies(one, *copy)) CHECK(one.domain == copy->domain);
      if (one.domain == copy->domain) beside_copies.back().push_back(one.number);
    }
    CHECK((copy[1].number == 3 && copy[2].number == 5));
  }
  CHECK(beside_copies[0] == beside_copies[1]);
  CHECK(census::count_distinct({}) == 0);
}

TEST_CASE("documents of one domain come in the order of their hashes, and copies in that of their numbers") {
  std::vector<census::sequence> sequences;
  for (std::uint32_t d = 0; d < 60; ++d) sequences.push_back({.document = 100 - d, .piece = d % 20});
  auto const documents = census::list_documents(std::vector{text_of(sequences)});
  REQUIRE(documents.size() == 60);
  for (std::size_t i = 1; i < documents.size(); ++i)
    CHECK(std::pair(documents[i - 1].hash, documents[i - 1].number) <
          std::pair(documents[i].hash, documents[i].number));
}

TEST_CASE("documents without token ids differ by their numbers") {
  auto const documents = census::list_documents(std::vector{census::share(census::text_rows::without_tokens(
      {{.document = 1, .length = 3}, {.document = 2, .first_row = 3, .length = 3}}))});
  REQUIRE(documents.size() == 2);
  CHECK(documents[0].hash != documents[1].hash);
}
