// SPDX-License-Identifier: MIT
#include <census/accumulator/first_firings.hpp>
#include <census/accumulator/laws.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
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

TEST_CASE("the first documents in which neurons fire keep the accumulator laws, wherever blocks are counted") {
  auto const blocks = blocks_of_documents();
  CHECK(census::broken_laws(census::first_firings{}, blocks) == std::vector<std::string>{});
  auto const device = std::make_shared<far_away::device>();
  CHECK(census::broken_laws(census::first_firings{}, sent(device, blocks)) == std::vector<std::string>{});
  CHECK(device->blocks_brought == 0);
}

TEST_CASE("the record of a layer is a recount: documents with their tokens, the first three in which a neuron fired") {
  auto const blocks = blocks_of_documents();
  census::first_firings first, far_first;
  for (auto const& block : blocks) first.observe(block);
  for (auto const& block : sent(std::make_shared<far_away::device>(), blocks)) far_first.observe(block);
  CHECK(far_first == first);
  CHECK(first.layers() == std::vector<std::uint32_t>{0, 1});
  for (std::uint32_t const layer : {0u, 1u}) {
    std::map<std::uint64_t, std::uint64_t> tokens;
    std::vector<std::set<std::uint64_t>> first_documents(70);
    census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& from) {
      if (block.layer() != layer) return;
      ++tokens[census::splitmix64(from.document)];
      for (std::size_t n = 0; n < 70; ++n)
        if (block.firings().fires(row, n)) first_documents[n].insert(census::splitmix64(from.document));
    });
    auto const record = first.at(layer);
    REQUIRE(record.documents.size() == 5);
    auto const* document = record.documents.data();
    for (auto const& [place, count] : tokens) CHECK(*document++ == census::first_firing_record::document{place, count});
    std::set<std::size_t> times;
    for (std::size_t n = 0; n < 70; ++n) {
      std::array<std::uint64_t, 3> expected;
      expected.fill(census::first_firing_record::never);
      std::copy_n(first_documents[n].begin(), std::min<std::size_t>(3, first_documents[n].size()), expected.begin());
      CHECK(record.first_documents[n] == expected);
      times.insert(census::documents_fired_in(expected));
    }
    CHECK(times.contains(0));
    CHECK(times.contains(3));
  }
}

TEST_CASE("first firings refuse the same text twice, another number of neurons, and a layer that was not observed") {
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
  CHECK_THROWS_AS(one.at(1), std::out_of_range);
}

TEST_CASE("a text of more documents than are counted at a time is recorded whole") {
  constexpr std::size_t documents = 200, neurons = 70;
  census::text_rows text;
  std::vector<float> values;
  for (std::uint32_t d = 0; d < documents; ++d) {
    text.tokens.push_back(5);
    text.sequences.push_back({.document = 1000 - 3 * d, .first_row = d, .length = 1});
    for (std::size_t n = 0; n < neurons; ++n) values.push_back(d % (n + 1) == 0 ? 1.f : -1.f);
  }
  census::first_firings first;
  first.observe(census::make_block(0, census::share(text), {std::move(values), neurons}));
  auto const record = first.at(0);
  CHECK(record.documents.size() == documents);
  for (std::size_t n = 0; n < neurons; ++n) {
    std::set<std::uint64_t> fired;
    for (std::uint32_t d = 0; d < documents; d += static_cast<std::uint32_t>(n) + 1)
      fired.insert(census::splitmix64(1000 - 3 * d));
    CHECK(std::equal(record.first_documents[n].begin(), record.first_documents[n].end(), fired.begin()));
  }
}

TEST_CASE("where a backend fails while it counts, first firings are as they were") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = blocks_of_documents();
  auto const far = sent(device, blocks);
  census::first_firings before;
  for (std::size_t i = 0; i < 4; ++i) before.observe(blocks[i]);
  int const steps = failing_steps(
      *device, before, [&](census::first_firings& first) { first.observe(far[4]); },
      [&](census::first_firings const& first) { return first == before; });
  CHECK(steps >= 3);  // counts far away, at least one row, brought home
}
