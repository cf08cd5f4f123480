// SPDX-License-Identifier: MIT
#include <census/accumulator/first_firings.hpp>
#include <census/accumulator/laws.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <map>
#include <set>

namespace {

/// Random blocks whose documents have several sequences, in one text and across texts.
std::vector<census::block> blocks_of_documents() {
  std::vector<census::block> blocks;
  for (auto const& made : census_test::random_blocks({.texts = 5, .sequences = 4, .layers = 2, .context = 4})) {
    census::text_rows text = *made.text();
    for (auto& sequence : text.sequences) {
      sequence.piece = static_cast<std::uint32_t>(sequence.document);
      sequence.document = sequence.document % 10 / 2;
    }
    blocks.emplace_back(made.layer(), census::share(text), made.firings());
  }
  return blocks;
}

}  // namespace

TEST_CASE("the wakings of neurons by document keep the accumulator laws") {
  CHECK(census::broken_laws(census::first_firings{}, blocks_of_documents()) == std::vector<std::string>{});
}

TEST_CASE("the record of a layer is a recount: documents with their tokens, the first three in which a neuron fired") {
  auto const blocks = blocks_of_documents();
  census::first_firings firsts;
  for (auto const& block : blocks) firsts.observe(block);
  CHECK(firsts.layers() == std::vector<std::uint32_t>{0, 1});
  for (std::uint32_t const layer : {0u, 1u}) {
    std::map<std::uint64_t, std::uint64_t> tokens;
    std::vector<std::set<std::uint64_t>> first_documents(70);
    census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& from) {
      if (block.layer() != layer) return;
      ++tokens[census::splitmix64(from.document)];
      for (std::size_t n = 0; n < 70; ++n)
        if (block.firings().fires(row, n)) first_documents[n].insert(census::splitmix64(from.document));
    });
    auto const record = firsts.record(layer);
    REQUIRE(record.documents.size() == 5);
    auto const* document = record.documents.data();
    for (auto const& [place, count] : tokens) CHECK(*document++ == census::first_firing_record::document{place, count});
    std::set<std::size_t> times;
    for (std::size_t n = 0; n < 70; ++n) {
      std::array<std::uint64_t, 3> first;
      first.fill(census::first_firing_record::never);
      std::copy_n(first_documents[n].begin(), std::min<std::size_t>(3, first_documents[n].size()), first.begin());
      CHECK(record.first_documents[n] == first);
      times.insert(census::firsts(first));
    }
    CHECK(times.contains(0));
    CHECK(times.contains(3));
  }
}

TEST_CASE("wakings refuse the same text twice, another number of neurons, and a layer that was not observed") {
  auto const blocks = blocks_of_documents();
  census::first_firings one, other;
  one.observe(blocks[0]), other.observe(blocks[0]), other.observe(blocks[2]);
  auto const before = one;
  CHECK_THROWS_AS(one.merge(other), std::invalid_argument);
  CHECK(one == before);
  census::first_firings narrow;
  auto const text = census::share({{5}, {{.document = 77, .length = 1}}});
  census::block const small(0, text, census::pack({std::vector<float>{1, 0}, 2}));
  narrow.observe(small);
  CHECK_THROWS_AS(one.merge(narrow), std::invalid_argument);
  CHECK_THROWS_AS(one.observe(small), std::invalid_argument);
  CHECK(one == before);
  CHECK_THROWS_AS(one.record(1), std::out_of_range);
}
