// SPDX-License-Identifier: MIT
#include <census/tabulation/document_halves.hpp>
#include <census/tabulation/key.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace {

struct whole_document {
  std::uint16_t domain = 0;
  std::vector<census::token_id> tokens;
};

/// Documents of 1 to `longest` random tokens, in domains in turn.
std::vector<whole_document> random_documents(std::size_t count, std::uint16_t domains, std::size_t longest,
                                             std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<whole_document> documents(count);
  for (std::size_t d = 0; d < count; ++d) {
    documents[d].domain = static_cast<std::uint16_t>(d % domains);
    documents[d].tokens.resize(1 + random() % longest);
    for (auto& token : documents[d].tokens) token = 3 + random() % 500;
  }
  return documents;
}

/// Texts of some sequences each, of documents cut into pieces of 16 tokens and numbered as `numbers` says; the pieces
/// come in the order that `seed` shuffles.
std::vector<census::shared_text> texts_of(std::vector<whole_document> const& documents,
                                          std::vector<std::uint64_t> const& numbers, std::uint32_t seed) {
  struct piece {
    census::sequence is;
    std::vector<census::token_id> tokens;
  };
  std::vector<piece> pieces;
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (std::size_t at = 0; at < documents[d].tokens.size(); at += 16) {
      auto const first = documents[d].tokens.begin() + static_cast<std::ptrdiff_t>(at);
      auto const count = std::min<std::size_t>(16, documents[d].tokens.size() - at);
      pieces.push_back({{.document = numbers[d],
                         .piece = static_cast<std::uint32_t>(at / 16),
                         .length = static_cast<std::uint32_t>(count),
                         .domain = documents[d].domain,
                         .full = count == 16},
                        {first, first + static_cast<std::ptrdiff_t>(count)}});
    }
  std::shuffle(pieces.begin(), pieces.end(), std::mt19937(seed));
  std::vector<census::shared_text> texts;
  for (std::size_t at = 0; at < pieces.size(); at += 7) {
    census::text_rows rows;
    for (std::size_t i = at; i < std::min(at + 7, pieces.size()); ++i) {
      pieces[i].is.first_row = static_cast<std::uint32_t>(rows.tokens.size());
      rows.sequences.push_back(pieces[i].is);
      rows.tokens.insert(rows.tokens.end(), pieces[i].tokens.begin(), pieces[i].tokens.end());
    }
    texts.push_back(census::share(std::move(rows)));
  }
  return texts;
}

std::vector<std::uint64_t> in_order(std::size_t count) {
  std::vector<std::uint64_t> numbers(count);
  for (std::size_t d = 0; d < count; ++d) numbers[d] = d;
  return numbers;
}

census::document_halves halves_of(std::vector<whole_document> const& documents) {
  return census::document_halves(texts_of(documents, in_order(documents.size()), 1));
}

/// What the halves hold by a recount, document by document: of all domains (first), and of each.
std::map<int, census::text_halves> recount(std::vector<whole_document> const& documents,
                                           census::document_halves const& halves) {
  std::map<int, census::text_halves> sizes;
  for (std::size_t d = 0; d < documents.size(); ++d)
    for (int const domain : {-1, int{documents[d].domain}}) {
      auto& half = sizes[domain][halves.half_of(d).value()];
      std::size_t const tokens = documents[d].tokens.size();
      ++half.documents, half.tokens += tokens, half.full_sequences += tokens / 16;
    }
  return sizes;
}

std::uint64_t difference(census::text_halves const& sizes) {
  return std::max(sizes[0].tokens, sizes[1].tokens) - std::min(sizes[0].tokens, sizes[1].tokens);
}

}  // namespace

TEST_CASE("halves differ by no more than the longest document, in each domain and in all") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    std::size_t const count = 15 + seed * 5;
    auto const documents = random_documents(count, static_cast<std::uint16_t>(1 + seed % 5), 100, seed);
    auto const halves = halves_of(documents);
    auto sizes = recount(documents, halves);
    CHECK(halves.sizes() == sizes[-1]);
    for (auto const& [domain, of] : sizes) {
      std::size_t longest = 0;
      for (auto const& one : documents)
        if (domain < 0 || one.domain == domain) longest = std::max(longest, one.tokens.size());
      CHECK(difference(of) <= longest);
    }
    CHECK(can_confirm(halves.sizes()) == (sizes[-1][0].documents >= 2 && sizes[-1][1].documents >= 2));
  }
}

TEST_CASE("domains of one document each, as a shell's glob makes them, fill both halves") {
  auto const documents = random_documents(60, 60, 100, 3);
  auto const sizes = halves_of(documents).sizes();
  CHECK(difference(sizes) <= 100);
  CHECK(sizes[0].documents > 15);
  CHECK(sizes[1].documents > 15);
}

TEST_CASE("halves do not hang on the order of documents, pieces and domains, nor on their numbers") {
  auto const documents = random_documents(50, 4, 90, 7);
  auto const halves = halves_of(documents);
  std::mt19937 random(5);
  for (int round = 0; round < 10; ++round) {
    std::vector<std::size_t> order(documents.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    std::vector<std::uint16_t> domains{0, 1, 2, 3};
    std::shuffle(domains.begin(), domains.end(), random);
    std::vector<whole_document> moved;
    std::vector<std::uint64_t> numbers;
    for (std::size_t const d : order) {
      moved.push_back({domains[documents[d].domain], documents[d].tokens});
      numbers.push_back(1000 + 17 * numbers.size());
    }
    census::document_halves const again(texts_of(moved, numbers, random()));
    CHECK(again.sizes() == halves.sizes());
    for (std::size_t i = 0; i < order.size(); ++i) CHECK(again.half_of(numbers[i]) == halves.half_of(order[i]));
  }
}

TEST_CASE("in a domain documents take sides in the order of their hashes, each the side of fewer tokens") {
  // dealt anew, straight from the definition: one domain, documents of one sequence each
  auto const documents = random_documents(30, 1, 16, 11);
  std::vector<std::tuple<std::uint64_t, std::size_t>> ranked;
  for (std::size_t d = 0; d < documents.size(); ++d) {
    census::text_rows const alone{documents[d].tokens,
                                  {{.length = static_cast<std::uint32_t>(documents[d].tokens.size())}}};
    ranked.emplace_back(census::splitmix64(census::fingerprint(alone, alone.sequences[0])), d);
  }
  std::ranges::sort(ranked);
  std::array<std::set<std::size_t>, 2> dealt;
  std::array<std::size_t, 2> tokens{};
  for (auto const& [hash, d] : ranked) {
    int const to = tokens[1] < tokens[0];
    dealt[to].insert(d), tokens[to] += documents[d].tokens.size();
  }
  if (tokens[1] > tokens[0]) std::swap(dealt[0], dealt[1]);  // the larger part is half 0
  auto const halves = halves_of(documents);
  for (std::uint8_t const half : {0, 1})
    for (std::size_t const d : dealt[half]) CHECK(halves.half_of(d) == half);
}

TEST_CASE("copies of a document are on one side, and count as one document") {
  auto documents = random_documents(6, 1, 40, 2);
  for (int copy = 0; copy < 5; ++copy) documents.push_back(documents[2]);
  auto const halves = halves_of(documents);
  for (std::size_t d = 6; d < documents.size(); ++d) CHECK(halves.half_of(d) == halves.half_of(2));
  CHECK(halves.sizes()[0].documents + halves.sizes()[1].documents == 6);
  CHECK_FALSE(can_confirm(halves_of(std::vector(20, documents[0])).sizes()));  // one document, twenty times
}

TEST_CASE("the same documents in two domains do not confirm each other") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    auto documents = random_documents(9, 2, 40, seed);
    std::size_t const distinct = documents.size();
    for (std::size_t d = 0; d < distinct; d += 1 + seed % 2)
      documents.push_back({static_cast<std::uint16_t>(seed % 3), documents[d].tokens});
    auto const halves = halves_of(documents);
    for (std::size_t d = distinct; d < documents.size(); ++d)
      CHECK(halves.half_of(d) == halves.half_of((d - distinct) * (1 + seed % 2)));
    CHECK(halves.sizes()[0].documents + halves.sizes()[1].documents == distinct);
    CHECK(halves.sizes()[0].tokens == recount(documents, halves)[-1][0].tokens);
  }
}

TEST_CASE("a half of one document confirms nothing") {
  CHECK_FALSE(census::can_confirm({}));
  CHECK_FALSE(can_confirm(halves_of(random_documents(1, 1, 90, 1)).sizes()));
  CHECK_FALSE(can_confirm(halves_of(random_documents(3, 1, 90, 1)).sizes()));
  std::vector<whole_document> equal = random_documents(4, 1, 90, 1);
  for (auto& one : equal) one.tokens.resize(50, 3);
  CHECK(can_confirm(halves_of(equal).sizes()));
  CHECK(halves_of(equal).sizes()[0].documents == 2);
}

TEST_CASE("four documents and more are at least two on each side, whatever their lengths") {
  for (std::uint32_t seed = 0; seed < 30; ++seed)
    for (std::size_t const count : {4u, 5u, 7u}) {
      auto documents = random_documents(count, static_cast<std::uint16_t>(1 + seed % 7), 60, seed);
      documents[seed % count].tokens.resize(5000, 3);
      documents.push_back(documents[1]);  // a copy, which goes along
      auto const halves = halves_of(documents);
      auto sizes = recount(documents, halves);
      CHECK(can_confirm(halves.sizes()));
      for (std::uint8_t const half : {0, 1}) {
        CHECK(halves.sizes()[half].tokens == sizes[-1][half].tokens);
        CHECK(halves.sizes()[half].full_sequences == sizes[-1][half].full_sequences);
      }
    }
}

TEST_CASE("a document as long as all others together has the shortest of them beside it") {
  auto documents = random_documents(6, 6, 60, 1);  // in a domain each, so that all others are dealt to the other side
  documents[2].tokens.resize(400, 3);
  std::size_t shortest = 0;
  for (std::size_t d = 0; d < documents.size(); ++d)
    if (documents[d].tokens.size() < documents[shortest].tokens.size()) shortest = d;
  auto const halves = halves_of(documents);
  for (std::size_t d = 0; d < documents.size(); ++d)
    CHECK((halves.half_of(d) == halves.half_of(2)) == (d == 2 || d == shortest));
}

TEST_CASE("documents without token ids are told apart by their numbers") {
  std::vector<census::sequence> sequences;
  for (std::uint32_t d = 0; d < 200; ++d) sequences.push_back({.document = d, .first_row = 4 * d, .length = 4});
  census::document_halves const halves(
      std::vector{census::share(census::text_rows::without_tokens(std::move(sequences)))});
  CHECK(halves.sizes()[0] == census::text_half{100, 400, 0});
  CHECK(halves.sizes()[1] == halves.sizes()[0]);
}

TEST_CASE("as a key, halves give each place the half of its document, and none where the document is of another text") {
  STATIC_REQUIRE(census::key_function<census::document_halves>);
  auto const documents = random_documents(9, 2, 40, 4);
  auto const texts = texts_of(documents, in_order(9), 1);
  census::document_halves const halves(texts);
  auto walk = halves.walker();
  for (auto const& text : texts)
    for (census::sequence const& s : text->sequences)
      for (std::uint32_t row = s.first_row; row < s.first_row + s.length; ++row) {
        census::token_at const at(*text, s, row);
        CHECK(halves(at) == halves.half_of(s.document));
        CHECK(walk(at) == halves(at));
      }
  census::text_rows const other{{5}, {{.document = 77, .length = 1}}};
  census::token_at const elsewhere(other, other.sequences[0], 0);
  CHECK(halves(elsewhere) == std::nullopt);
  CHECK(walk(elsewhere) == std::nullopt);
  CHECK(census::document_halves()(elsewhere) == std::nullopt);
}
