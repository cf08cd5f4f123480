// SPDX-License-Identifier: MIT
#include <census/corpus/corpus.hpp>

#include <support/catch.hpp>

#include <map>
#include <numeric>
#include <random>

namespace {

constexpr census::token_id bos = 2;

// Document d of so many tokens, all different: 1000 d + 10, 11, ...
census::corpus_document document(std::size_t d, std::size_t tokens, std::uint16_t domain = 0) {
  std::vector<census::token_id> ids(tokens);
  std::iota(ids.begin(), ids.end(), static_cast<census::token_id>(1000 * d + 10));
  return {ids, domain};
}

std::vector<census::corpus_document> documents_of(std::vector<std::size_t> const& sizes) {
  std::vector<census::corpus_document> all;
  for (std::size_t d = 0; d < sizes.size(); ++d) all.push_back(document(d, sizes[d]));
  return all;
}

census::text_rows whole(census::corpus const& corpus) {
  auto const texts = corpus.texts(1'000'000);
  REQUIRE(texts.size() == 1);
  return *texts.front();
}

std::vector<std::uint32_t> lengths(census::corpus const& corpus) {
  std::vector<std::uint32_t> lengths;
  for (auto const& s : whole(corpus).sequences) lengths.push_back(s.length);
  return lengths;
}

using sizes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a document is cut into full sequences and a rest, each with BOS in front") {
  census::corpus const corpus({"prose"}, documents_of({5, 1}), bos, {.context = 3});
  auto const text = whole(corpus);
  CHECK(text.tokens == std::vector<census::token_id>{2, 10, 11, 2, 12, 13, 2, 14, 2, 1010});
  CHECK(text.sequences ==
        std::vector<census::sequence>{
            {.document = 0, .piece = 0, .first_row = 0, .length = 3, .domain = 0, .full = true, .has_bos = true},
            {.document = 0, .piece = 1, .first_row = 3, .length = 3, .domain = 0, .full = true, .has_bos = true},
            {.document = 0, .piece = 2, .first_row = 6, .length = 2, .domain = 0, .full = false, .has_bos = true},
            {.document = 1, .piece = 0, .first_row = 8, .length = 2, .domain = 0, .full = false, .has_bos = true}});
  CHECK(corpus.tokens() == 10);
  CHECK(corpus.documents() == 2);
  CHECK(corpus.sequences() == 4);
  CHECK(corpus.full_sequences() == 2);
  CHECK(corpus.context() == 3);
  CHECK(corpus.bos() == bos);
}

TEST_CASE("without BOS the context is all text") {
  census::corpus const corpus({"prose"}, documents_of({5, 3}), bos, {.context = 3, .bos = false});
  CHECK(whole(corpus).tokens == std::vector<census::token_id>{10, 11, 12, 13, 14, 1010, 1011, 1012});
  CHECK(lengths(corpus) == sizes{3, 2, 3});
  CHECK(corpus.full_sequences() == 2);
  CHECK_FALSE(corpus.bos().has_value());
  for (auto const& s : whole(corpus).sequences) CHECK_FALSE(s.has_bos);
}

TEST_CASE("a document of an exact multiple of the context leaves no rest") {
  CHECK(lengths({{"prose"}, documents_of({6}), bos, {.context = 4}}) == sizes{4, 4});
  CHECK(lengths({{"prose"}, documents_of({7}), bos, {.context = 4}}) == sizes{4, 4, 2});
  CHECK(lengths({{"prose"}, documents_of({8}), {}, {.context = 4, .bos = false}}) == sizes{4, 4});
}

TEST_CASE("the least context is one token of text") {
  CHECK(lengths({{"prose"}, documents_of({3}), bos, {.context = 2}}) == sizes{2, 2, 2});
  CHECK(lengths({{"prose"}, documents_of({3}), {}, {.context = 1, .bos = false}}) == sizes{1, 1, 1});
  CHECK_THROWS_AS((census::corpus{{"prose"}, documents_of({3}), bos, {.context = 1}}), census::bad_input);
  CHECK_THROWS_AS((census::corpus{{"prose"}, documents_of({3}), {}, {.context = 0, .bos = false}}), census::bad_input);
}

TEST_CASE("the domain with the fewest tokens gives the next sequence") {
  census::corpus const corpus({"a", "b"}, {document(0, 2, 0), document(1, 9, 1), document(2, 5, 0)}, bos,
                              {.context = 4});
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  for (auto const& s : whole(corpus).sequences) order.emplace_back(s.document, s.piece);
  // a: 3 | b: 4 | a: 7 | b: 8 | a: 10 | b: 12
  CHECK(order == std::vector<std::pair<std::uint64_t, std::uint32_t>>{{0, 0}, {1, 0}, {2, 0}, {1, 1}, {2, 1}, {1, 2}});
  CHECK(corpus.tokens_in(0) == 10);
  CHECK(corpus.tokens_in(1) == 12);
  CHECK(corpus.domains() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a limit takes the first whole sequences of the same corpus, and reads no further") {
  std::vector<std::uint16_t> const domains{0, 1, 0, 1};
  std::vector<std::size_t> read;
  auto const reader = [&](std::size_t d) {
    read.push_back(d);
    return document(d, 9).tokens;
  };
  census::corpus const all({"a", "b"}, domains, reader, bos, {.context = 4});
  CHECK(all.tokens() == 4 * (9 + 3));
  for (std::uint64_t limit = 1; limit <= all.tokens() + 1; ++limit) {
    read.clear();
    census::corpus const some({"a", "b"}, domains, reader, bos, {.context = 4, .tokens = limit});
    CHECK(some.tokens() == std::min(all.tokens(), (limit + 3) / 4 * 4));
    auto const full = whole(all), part = whole(some);
    CHECK(std::equal(part.tokens.begin(), part.tokens.end(), full.tokens.begin()));
    CHECK(std::equal(part.sequences.begin(), part.sequences.end(), full.sequences.begin()));
    CHECK(read.size() == some.documents());
  }
  CHECK_THROWS_AS((census::corpus{{"a"}, documents_of({9}), bos, {.tokens = 0}}), census::bad_input);
}

TEST_CASE("texts hold whole sequences in order, as many as fit and at least one") {
  std::mt19937 random(3);
  std::vector<census::corpus_document> all;
  for (std::size_t d = 0; d < 30; ++d) all.push_back(document(d, random() % 40, random() % 3));
  census::corpus const corpus({"a", "b", "c"}, all, bos, {.context = 9});
  auto const expected = whole(corpus);
  for (std::size_t const rows_per_block : {0, 1, 8, 9, 10, 17, 18, 50, 1000}) {
    std::vector<census::token_id> tokens;
    std::vector<census::sequence> sequences;
    for (auto const& text : corpus.texts(rows_per_block)) {
      CHECK((text->tokens.size() <= rows_per_block || text->sequences.size() == 1));
      for (auto s : text->sequences) {
        s.first_row += static_cast<std::uint32_t>(tokens.size());
        sequences.push_back(s);
      }
      tokens.insert(tokens.end(), text->tokens.begin(), text->tokens.end());
    }
    CHECK(tokens == expected.tokens);
    CHECK(sequences == expected.sequences);
  }
}

TEST_CASE("joined again, a document's sequences are the document, and none is lost") {
  std::mt19937 random(4);
  for (bool const with_bos : {true, false}) {
    std::vector<census::corpus_document> all;
    for (std::size_t d = 0; d < 50; ++d) all.push_back(document(d, random() % 60, random() % 4));
    census::corpus const corpus({"a", "b", "c", "d"}, all, bos, {.context = 7, .bos = with_bos});
    std::map<std::uint64_t, std::vector<census::token_id>> joined;
    std::map<std::uint64_t, std::uint32_t> pieces;
    auto const text = whole(corpus);
    for (auto const& s : text.sequences) {
      CHECK(s.piece == pieces[s.document]++);
      CHECK(s.domain == all[s.document].domain);
      CHECK(s.full == (s.length == 7));
      auto const first = text.tokens.begin() + s.first_row;
      if (with_bos) CHECK(*first == bos);
      joined[s.document].insert(joined[s.document].end(), first + with_bos, first + s.length);
    }
    std::uint64_t with_tokens = 0;
    for (std::size_t d = 0; d < all.size(); ++d) {
      CHECK(joined[d] == all[d].tokens);
      with_tokens += !all[d].tokens.empty();
    }
    CHECK(corpus.documents() == with_tokens);
    CHECK(corpus.tokens_in(0) + corpus.tokens_in(1) + corpus.tokens_in(2) + corpus.tokens_in(3) == corpus.tokens());
  }
}

TEST_CASE("a corpus without a token, without the BOS it needs, or of unknown domains is refused") {
  CHECK_THROWS_WITH((census::corpus{{"a"}, documents_of({}), bos}), "the corpus: the text holds no token");
  CHECK_THROWS_WITH((census::corpus{{"a"}, documents_of({0, 0}), bos}), "the corpus: the text holds no token");
  CHECK_THROWS_WITH((census::corpus{{}, documents_of({}), bos}), "the corpus: the text holds no token");
  CHECK_THROWS_WITH((census::corpus{{"a"}, documents_of({3}), {}}),
                    "the corpus: BOS is asked for, but the tokenizer has none");
  CHECK_THROWS_AS((census::corpus{{"a"}, {document(0, 3, 1)}, bos}), std::invalid_argument);
}
