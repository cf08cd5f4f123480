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
std::vector<census::document_size> sized_documents(std::size_t count, std::uint64_t largest, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<census::document_size> documents;
  for (std::size_t i = 0; i < count; ++i)
    documents.push_back({100 + i, static_cast<std::uint16_t>(i % 3 == 0), 1 + random() % largest});
  return documents;
}

}  // namespace

TEST_CASE("documents by hand: the largest first, to the group with least of its domain, then least in all") {
  std::vector<census::document_size> const documents{{1, 0, 5}, {2, 0, 9}, {3, 0, 3}, {4, 1, 4}, {5, 0, 1}};
  // Domain 0: 9 to group 0, 5 to group 1, 3 to group 1 (5 < 9), 1 to group 1 (8 < 9); domain 1: 4 to one of 9 and 9.
  CHECK(census::deal_documents(documents, 2) == std::vector<std::uint32_t>{1, 0, 1, 0, 1});
}

TEST_CASE("groups differ by no more than the largest document in each domain, whatever the order of documents") {
  for (std::uint32_t const seed : {1u, 2u, 3u}) {
    auto documents = sized_documents(200, 20, seed);
    auto const dealt = census::deal_documents(documents, 7);
    std::map<std::uint64_t, std::uint32_t> group_of;
    std::vector<std::vector<std::uint64_t>> sizes(2, std::vector<std::uint64_t>(7, 0));
    for (std::size_t i = 0; i < documents.size(); ++i) {
      group_of[documents[i].document] = dealt[i];
      sizes[documents[i].domain].at(dealt[i]) += documents[i].size;
    }
    for (auto const& domain : sizes) {
      auto const [least, most] = std::ranges::minmax(domain);
      CHECK(most - least <= 20);
    }
    std::shuffle(documents.begin(), documents.end(), std::mt19937(seed));
    auto const again = census::deal_documents(documents, 7);
    for (std::size_t i = 0; i < documents.size(); ++i) CHECK(again[i] == group_of.at(documents[i].document));
  }
}

TEST_CASE("as many groups as documents get one each, and no group cannot be dealt to") {
  auto documents = sized_documents(9, 50, 4);
  auto dealt = census::deal_documents(documents, 9);
  std::ranges::sort(dealt);
  CHECK(dealt == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(census::deal_documents({}, 3).empty());
  CHECK_THROWS_AS(census::deal_documents(documents, 0), std::invalid_argument);
}
