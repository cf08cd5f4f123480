// SPDX-License-Identifier: MIT
#include <census/tabulation/deal_documents.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

namespace {

/// Documents of two domains, sizes from 1 to `largest`.
std::vector<census::text_document> sized_documents(std::size_t count, std::uint64_t largest, std::uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<census::text_document> documents;
  for (std::size_t i = 0; i < count; ++i)
    documents.push_back({.number = 100 + i,
                         .hash = random(),
                         .domain = static_cast<std::uint16_t>(i % 3 == 0),
                         .tokens = 1 + random() % largest});
  return documents;
}

}  // namespace

TEST_CASE("documents by hand: the largest first, to the group with least of its domain, then least in all") {
  std::vector<census::text_document> const documents{{.number = 1, .hash = 1, .domain = 0, .tokens = 5},
                                                     {.number = 2, .hash = 2, .domain = 0, .tokens = 9},
                                                     {.number = 3, .hash = 3, .domain = 0, .tokens = 3},
                                                     {.number = 4, .hash = 4, .domain = 1, .tokens = 4},
                                                     {.number = 5, .hash = 5, .domain = 0, .tokens = 1}};
  // Domain 0: 9 to group 0, 5 to group 1, 3 to group 1 (5 < 9), 1 to group 1 (8 < 9); domain 1: 4 to one of 9 and 9.
  CHECK(census::deal_documents(documents, 2) == std::vector<std::uint32_t>{1, 0, 1, 0, 1});
}

TEST_CASE("documents are dealt out by what is asked for, equal ones in the order of their hashes") {
  std::vector<census::text_document> const documents{
      {.number = 1, .hash = 30, .tokens = 1, .full_inside = 6},
      {.number = 2, .hash = 20, .tokens = 2, .full_inside = 2},
      {.number = 3, .hash = 10, .tokens = 9, .full_inside = 2},
      {.number = 4, .hash = 40, .tokens = 5, .full_inside = 1},
  };
  // 6 to group 0; 2 of hash 10 to group 1, 2 of hash 20 to group 2; 1 to group 1.
  CHECK(census::deal_documents(documents, 3, &census::text_document::full_inside) ==
        std::vector<std::uint32_t>{0, 2, 1, 1});
}

TEST_CASE("copies of a document are in its group, so that they leave no more groups with text than documents differ") {
  auto documents = sized_documents(9, 50, 5);
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t copy = 0; copy < 2; ++copy) {
      documents.push_back(documents[i]);
      documents.back().number += 1000 * (copy + 1);
    }
  auto const dealt = census::deal_documents(documents, 9);
  for (std::size_t i = 9; i < documents.size(); ++i) CHECK(dealt[i] == dealt[(i - 9) / 2]);
  auto groups = std::vector(dealt.begin(), dealt.begin() + 9);
  std::ranges::sort(groups);
  CHECK(groups == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("groups differ by no more than the largest document in each domain") {
  for (std::uint32_t const seed : {1u, 2u, 3u}) {
    auto const documents = sized_documents(200, 20, seed);
    auto const dealt = census::deal_documents(documents, 7);
    std::vector<std::vector<std::uint64_t>> sizes(2, std::vector<std::uint64_t>(7, 0));
    for (std::size_t i = 0; i < documents.size(); ++i) sizes[documents[i].domain].at(dealt[i]) += documents[i].tokens;
    for (auto const& domain : sizes) {
      auto const [least, most] = std::ranges::minmax(domain);
      CHECK(most - least <= 20);
    }
  }
}

TEST_CASE("groups do not hang on the order of documents and domains, nor on their numbers") {
  for (std::uint32_t const seed : {1u, 2u, 3u}) {
    auto documents = sized_documents(200, 4, seed);  // many of one size
    auto const dealt = census::deal_documents(documents, 7);
    std::map<std::uint64_t, std::uint32_t> group_of;
    for (std::size_t i = 0; i < documents.size(); ++i) group_of[documents[i].hash] = dealt[i];
    std::shuffle(documents.begin(), documents.end(), std::mt19937(seed));
    for (std::size_t i = 0; i < documents.size(); ++i)
      documents[i].number = i, documents[i].domain = static_cast<std::uint16_t>(9 - 4 * documents[i].domain);
    auto const again = census::deal_documents(documents, 7);
    for (std::size_t i = 0; i < documents.size(); ++i) CHECK(again[i] == group_of.at(documents[i].hash));
  }
}

TEST_CASE("as many groups as documents get one each, and no group cannot be dealt to") {
  auto const documents = sized_documents(9, 50, 4);
  auto dealt = census::deal_documents(documents, 9);
  std::ranges::sort(dealt);
  CHECK(dealt == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(census::deal_documents({}, 3).empty());
  CHECK_THROWS_AS(census::deal_documents(documents, 0), std::invalid_argument);
}
