// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>

TEST_CASE("merging the same data twice is refused, and leaves everything as it was") {
  auto const blocks = census_test::random_blocks();
  census::token_coverage left, right;
  for (std::size_t i = 0; i < blocks.size(); ++i) (i < 6 ? left : right).observe(blocks[i]);
  left.merge(right);
  census::token_coverage const before = left;
  CHECK_THROWS_WITH(left.merge(right), Catch::Contains("count it twice"));
  CHECK(left == before);
}

TEST_CASE("observing the same sequence twice is refused as merging it is, and leaves everything as it was") {
  auto const blocks = census_test::random_blocks();
  census::token_coverage tokens;
  for (auto const& block : blocks) tokens.observe(block);
  census::token_coverage const before = tokens;
  for (auto const& block : blocks) CHECK_THROWS_WITH(tokens.observe(block), Catch::Contains("was observed before"));
  CHECK(tokens == before);

  census::text_rows twice = *blocks[0].text();  // the same document in one block
  twice.sequences = {{.document = 7, .length = 2}, {.document = 7, .first_row = 2, .length = 2}};
  twice.tokens = {5, 6, 5, 6};
  auto const block = census::make_block(0, census::share(twice), {std::vector<float>(4, 1.f), 1});
  census::liveness alive;
  CHECK_THROWS_WITH(alive.observe(block), Catch::Contains("document 7, piece 0 comes twice"));
  CHECK(alive.layers().empty());
}

TEST_CASE("firings that are not one row for each of the text are refused with the layer and both numbers") {
  auto const text = census::share({{5, 6, 7}, {{.length = 3}}});
  auto const firings = census::pack({std::vector<float>(4, 1.f), 2});
  CHECK_THROWS_WITH(census::block(4, text, firings), "census::block: layer 4: firings of 2 rows, but a text of 3");
}

TEST_CASE("what a layer has observed is its own, in whatever order the layers met the texts") {
  auto const blocks = census_test::random_blocks({.texts = 4, .layers = 2});  // text 0 in layers 0 and 1, then text 1
  auto const block = [&](std::size_t text, std::size_t layer) { return blocks[2 * text + layer]; };
  census::liveness left;
  for (auto const& [text, layer] : {std::pair{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}}) left.observe(block(text, layer));
  auto const is_refused = [&](std::size_t text, std::size_t layer) {
    census::liveness into = left, right;
    right.observe(block(text, layer));
    try {
      into.merge(right);
    } catch (std::invalid_argument const&) {
      return true;
    }
    return false;
  };
  for (std::size_t text = 0; text < 4; ++text) {
    CHECK(is_refused(text, 0) == (text < 3));
    CHECK(is_refused(text, 1) == (text == 1 || text == 2));
  }
}

TEST_CASE("two texts that share their document numbers can be merged, since their tokens differ") {
  census::liveness left, right;
  left.observe(census_test::random_blocks({.seed = 1})[0]);
  right.observe(census_test::random_blocks({.seed = 2})[0]);
  CHECK_NOTHROW(left.merge(right));
}

TEST_CASE("layers of different width can be counted together, one layer cannot change its width") {
  auto const narrow = census_test::random_blocks({.neurons = 70, .layers = 1})[0];
  auto const wide = census_test::random_blocks({.neurons = 80, .layers = 2});
  census::liveness alive;
  alive.observe(narrow);
  CHECK_NOTHROW(alive.observe(wide[1]));
  CHECK(alive.table(1).neurons() == 80);
  CHECK_THROWS_AS(alive.observe(wide[0]), std::invalid_argument);
  census::liveness other;
  other.observe(wide[0]);
  CHECK_THROWS_AS(alive.merge(other), std::invalid_argument);
}

TEST_CASE("a table is a value: what is observed later does not change it") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::token_coverage coverage;
  coverage.observe(blocks[0]);
  auto const table = coverage.table(0);
  auto const copy = table;
  coverage.observe(blocks[1]);
  CHECK(table == copy);
  CHECK_FALSE(coverage.table(0) == table);
}

TEST_CASE("a layer that was never observed has no table") {
  CHECK_THROWS_WITH(census::liveness{}.table(3), "census::firings_by: layer 3 was not observed; none was");
  census::liveness alive;
  for (auto const& block : census_test::random_blocks({.layers = 2})) alive.observe(block);
  CHECK_THROWS_WITH(alive.table(3), "census::firings_by: layer 3 was not observed; these were: 0, 1");
}

TEST_CASE("a table holds only the keys that its own layer met") {
  auto const blocks = census_test::random_blocks({.texts = 2, .layers = 2, .vocabulary = 40});
  census::token_coverage coverage;
  coverage.observe(blocks[0]);  // text 0, layer 0
  coverage.observe(blocks[3]);  // text 1, layer 1
  auto const first = coverage.table(0), second = coverage.table(1);
  CHECK(first.keys != second.keys);
  CHECK(std::ranges::is_sorted(first.keys));
  for (std::size_t row = 0; row < first.rows(); ++row) CHECK(first.occurrences(row) > 0);
}

TEST_CASE("what may be counted: blocks for whose firings there is an engine, census's or their backend's") {
  STATIC_REQUIRE(census::countable_block<census::block>);
  STATIC_REQUIRE(census::countable_block<far_away::block>);
  STATIC_REQUIRE_FALSE(census::countable_block<far_away::block_without_engine>);
  STATIC_REQUIRE_FALSE(census::countable_block<int>);
  STATIC_REQUIRE(census::accumulator<census::token_coverage, far_away::block>);
  STATIC_REQUIRE_FALSE(census::observer<census::token_coverage, far_away::block_without_engine>);
}

namespace {

/// Observes the blocks, some where they are and some far away: block i where bit i of `far` is set.
template <class Accumulator>
Accumulator observed(Accumulator fresh, std::vector<census::block> const& blocks,
                     std::shared_ptr<far_away::device> const& device, unsigned far) {
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (far >> i & 1)
      fresh.observe(far_away::block(device, blocks[i]));
    else
      fresh.observe(blocks[i]);
  return fresh;
}

template <class Accumulator>
void check_far_counts(std::vector<census::block> const& blocks) {
  auto const device = std::make_shared<far_away::device>();
  auto const here = observed(Accumulator{}, blocks, device, 0);
  for (unsigned const far : {~0u, 0x5555u, 0x0fu, 0xfff0u}) {
    auto const there = observed(Accumulator{}, blocks, device, far);
    CHECK(device->rows_brought == 0);
    for (std::uint32_t const layer : here.layers()) CHECK(there.table(layer) == here.table(layer));
    CHECK(there == here);
    device->rows_brought = 0;
  }
  CHECK(device->blocks_brought == 0);
}

}  // namespace

TEST_CASE("tables counted far away are those counted here, also where some blocks are counted here and some there") {
  for (std::size_t const neurons : {64, 70, 200}) {
    auto const blocks = census_test::random_blocks({.texts = 4, .neurons = neurons, .layers = 2});
    check_far_counts<census::liveness>(blocks);
    check_far_counts<census::token_coverage>(blocks);
    check_far_counts<census::position_information>(blocks);
    check_far_counts<census::firings_by<census::key::ngram<2>>>(blocks);
  }
  check_far_counts<census::liveness>(census_test::random_blocks({.texts = 9, .sequences = 12, .layers = 1}));
}

TEST_CASE("the rows of a text are resolved once for all layers, and uploaded once") {
  auto const device = std::make_shared<far_away::device>();
  census::token_coverage tokens;
  for (auto const& block : sent(device, census_test::random_blocks({.texts = 4, .layers = 5}))) tokens.observe(block);
  CHECK(device->key_rows_uploaded == 4);
}

TEST_CASE("halves counted here and far away merge into the whole, either way, and go on") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks({.texts = 5, .layers = 2});
  std::vector const first(blocks.begin(), blocks.begin() + 4), second(blocks.begin() + 4, blocks.begin() + 8);
  std::vector const third(blocks.begin() + 8, blocks.end());
  auto const whole = observed(census::token_coverage{}, blocks, device, 0);
  for (auto const& [left, right, after] : {std::tuple{0u, ~0u, 0u}, {~0u, 0u, ~0u}, {~0u, ~0u, 0x5u}}) {
    auto merged = observed(census::token_coverage{}, first, device, left);
    merged.merge(observed(census::token_coverage{}, second, device, right));
    CHECK(observed(merged, third, device, after) == whole);
  }
}

TEST_CASE("where a backend fails, while it counts or while counts come home, an accumulator is as it was") {
  auto const device = std::make_shared<far_away::device>();
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  auto const before = observed(census::token_coverage{}, {blocks[0], blocks[1]}, device, ~0u);
  auto const before_here = observed(census::token_coverage{}, {blocks[0], blocks[1]}, device, 0);
  auto const unharmed = [&](census::token_coverage const& tokens) { return tokens == before_here; };
  std::vector const far = sent(device, blocks);

  CHECK(failing_steps(
            *device, before, [&](census::token_coverage& tokens) { tokens.observe(far[2]); }, unharmed) > 3);
  census::token_coverage const fresh;
  CHECK(failing_steps(
            *device, fresh, [&](census::token_coverage& tokens) { tokens.observe(far[3]); },
            [](census::token_coverage const& tokens) { return tokens.layers().empty(); }) > 3);
  auto const other = observed(census::token_coverage{}, {blocks[2], blocks[3], blocks[4]}, device, ~0u);
  CHECK(failing_steps(
            *device, before, [&](census::token_coverage& tokens) { tokens.merge(other); }, unharmed) > 3);
  CHECK(failing_steps(
            *device, before, [](census::token_coverage& tokens) { (void)tokens.table(1); }, unharmed) > 3);
}
