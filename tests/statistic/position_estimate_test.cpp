// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/statistic/position_census.hpp>
#include <census/statistic/position_estimate.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/random_blocks.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

using census_test::kept_in;

namespace {

/// A text of 40 sequences of 12 positions, each a document of its own, of which a third begin it.
std::vector<census::block> some_blocks() {
  return census_test::random_blocks({.texts = 20, .sequences = 6, .neurons = 70, .layers = 1});
}

census::firing_table<std::uint32_t> table_inside(std::vector<census::block> const& blocks) {
  census::firings_by<census::key::tuple<census::key::begins_document, census::key::position>> counted;
  for (auto const& block : blocks) counted.observe(block);
  return census::by_position_inside(counted.table(0));
}

/// Information over positions from 1 of the full sequences inside documents that `counts` tells, neuron by neuron, by
/// the definition.
template <class Counts>
double information(std::vector<census::block> const& blocks, std::size_t neuron, Counts counts) {
  std::map<std::uint32_t, double> fired;
  double sequences = 0;
  census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& one) {
    if (!one.full || one.piece == 0 || !counts(one.document)) return;
    sequences += row == one.first_row;
    if (row > one.first_row) fired[row - one.first_row] += block.firings().fires(row, neuron);
  });
  auto const entropy = [](double p) { return p <= 0 || p >= 1 ? 0 : -p * std::log(p) - (1 - p) * std::log(1 - p); };
  double mean = 0, conditional = 0;
  for (auto const& [position, count] : fired) mean += count / sequences / static_cast<double>(fired.size());
  for (auto const& [position, count] : fired)
    conditional += entropy(count / sequences) / static_cast<double>(fired.size());
  return entropy(mean) - conditional;
}

/// The same documents, as texts given in another order make them: blocks reversed, documents and domains with other
/// numbers.
std::vector<census::block> in_another_order(std::vector<census::block> const& blocks) {
  std::vector<census::block> moved;
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    census::text_rows text = *block->text();
    for (census::sequence& one : text.sequences)
      one.document = 7000 - 3 * one.document, one.domain = static_cast<std::uint16_t>((one.domain + 2) % 3);
    moved.emplace_back(block->layer(), census::share(std::move(text)), block->firings());
  }
  return moved;
}

/// The same number to the bit, NaN among them.
bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

}  // namespace

TEST_CASE("with a document a group, the estimate is the jackknife that leaves each document out, by the definition") {
  auto const blocks = some_blocks();
  auto const inside = table_inside(blocks);
  std::vector<std::uint64_t> documents;
  for (auto const& block : blocks)
    for (auto const& one : block.text()->sequences)
      if (one.full && one.piece > 0) documents.push_back(one.document);
  REQUIRE(documents.size() == inside.occurrences(0));
  REQUIRE(documents.size() > 30);
  auto const layer = keep_layer(blocks, kept_in::both);
  census::estimate_rule const rule{.groups = static_cast<std::uint32_t>(documents.size())};
  auto const taken = census::estimate_position(layer, inside, rule);
  CHECK(taken.groups == Approx(static_cast<double>(documents.size())));

  std::size_t estimated = 0;
  for (std::size_t n = 0; n < 70; ++n) {
    CAPTURE(n);
    double const whole = information(blocks, n, [](std::uint64_t) { return true; });
    if (std::isnan(taken.of_neuron[n].value)) {
      CHECK(whole == Approx(0).margin(1e-12));
      continue;
    }
    ++estimated;
    std::vector<double> without;
    for (std::uint64_t const left_out : documents)
      without.push_back(information(blocks, n, [&](std::uint64_t document) { return document != left_out; }));
    double mean = 0, variance = 0;
    for (double const one : without) mean += one / static_cast<double>(without.size());
    for (double const one : without) variance += (one - mean) * (one - mean);
    auto const count = static_cast<double>(without.size());
    CHECK(taken.of_neuron[n].value == Approx(count * whole - (count - 1) * mean).margin(1e-9));
    CHECK(taken.of_neuron[n].standard_error == Approx(std::sqrt(variance * (count - 1) / count)).margin(1e-9));
    auto const [lower, upper] = taken.interval_95(n);
    double const off = taken.t_95 * taken.of_neuron[n].standard_error;
    CHECK(upper == Approx(std::max(0.0, taken.of_neuron[n].value + off)).margin(1e-12));
    CHECK(lower == Approx(std::max(0.0, taken.of_neuron[n].value - off)).margin(1e-12));
  }
  CHECK(estimated > 50);
  CHECK(taken.of_neuron[12].value > 0.4);  // fires by position
}

TEST_CASE("an estimate is the same from memory and from a file, and empty where documents are too few") {
  auto const blocks = some_blocks();
  auto const inside = table_inside(blocks);
  auto const held = census::estimate_position(keep_layer(blocks, kept_in::memory), inside),
             filed = census::estimate_position(keep_layer(blocks, kept_in::file), inside);
  CHECK(held.groups > 25);
  CHECK(held.groups <= 30);
  for (std::size_t n = 0; n < 70; ++n) {
    CHECK(same_bits(held.of_neuron[n].value, filed.of_neuron[n].value));
    CHECK(same_bits(held.of_neuron[n].standard_error, filed.of_neuron[n].standard_error));
  }
  auto const few = census::estimate_position(keep_layer(blocks, kept_in::memory), inside, {.groups = 7});
  CHECK(few.groups > 6);
  CHECK(few.of_neuron.empty());
  CHECK(census::estimate_position(census::kept_layer(70), {}).groups == 0);
}

TEST_CASE("an estimate is the same to the bit whatever the order of texts, and the numbers of documents and domains") {
  auto const blocks = some_blocks(), moved = in_another_order(blocks);
  auto const here = census::estimate_position(keep_layer(blocks, kept_in::memory), table_inside(blocks)),
             there = census::estimate_position(keep_layer(moved, kept_in::memory), table_inside(moved));
  CHECK(same_bits(here.groups, there.groups));
  REQUIRE(here.of_neuron.size() == 70);
  REQUIRE(there.of_neuron.size() == 70);
  for (std::size_t n = 0; n < 70; ++n) {
    CHECK(same_bits(here.of_neuron[n].value, there.of_neuron[n].value));
    CHECK(same_bits(here.of_neuron[n].standard_error, there.of_neuron[n].standard_error));
  }
}

TEST_CASE("a text twice tells no more than once: the same estimates and errors, wherever the copies are") {
  auto const blocks = some_blocks();
  auto const once = census::estimate_position(keep_layer(blocks, kept_in::memory), table_inside(blocks));
  REQUIRE(once.of_neuron.size() == 70);
  auto twice = blocks;
  for (auto const& block : blocks) {
    census::text_rows text = *block.text();
    for (census::sequence& one : text.sequences) one.document += 10'000, one.domain = 2 * (one.domain % 2);
    twice.emplace_back(block.layer(), census::share(std::move(text)), block.firings());
  }
  auto const layer = keep_layer(twice, kept_in::memory);
  auto const inside = table_inside(twice);
  auto const taken = census::estimate_position(layer, inside);
  CHECK(taken.groups == Approx(once.groups).epsilon(0.02));
  for (std::size_t n = 0; n < 70; ++n) {
    if (std::isnan(once.of_neuron[n].value)) continue;
    CAPTURE(n);
    CHECK(taken.of_neuron[n].standard_error > 0.75 * once.of_neuron[n].standard_error);
  }
  CHECK(census::estimate_position(layer, inside, {.groups = 100'000}).groups <= inside.occurrences(0) / 2);
}

TEST_CASE("an estimate is refused where table and kept firings are of other sequences") {
  auto const blocks = some_blocks();
  std::vector<census::block> const fewer(blocks.begin(), blocks.end() - 3);
  CHECK_THROWS_AS(census::estimate_position(keep_layer(fewer, kept_in::memory), table_inside(blocks)),
                  std::invalid_argument);
}

TEST_CASE("an estimate is refused where table and kept firings are of two layers") {
  auto const both = census_test::random_blocks({.texts = 20, .sequences = 6, .neurons = 70, .layers = 2});
  std::vector<census::block> here, there;
  for (auto const& block : both) {
    auto& layer = block.layer() == 0 ? here : there;
    layer.emplace_back(0u, block.text(), block.firings());
  }
  using Catch::Contains;
  auto const layer = keep_layer(here, kept_in::memory);
  CHECK_NOTHROW(census::estimate_position(layer, table_inside(here)));
  CHECK_THROWS_WITH(census::estimate_position(layer, table_inside(there)), Contains("is not of these kept firings"));
}

TEST_CASE("full sequences of two lengths, as of two censuses merged, have no estimate") {
  auto const longer = census_test::random_blocks({.texts = 8, .neurons = 70, .layers = 1, .context = 12}),
             shorter = census_test::random_blocks({.texts = 8, .neurons = 70, .layers = 1, .context = 9, .seed = 2});
  std::vector<census::block> blocks(longer);
  blocks.insert(blocks.end(), shorter.begin(), shorter.end());
  census::firings_by<census::key::tuple<census::key::begins_document, census::key::position>> both, twins;
  for (auto const& block : longer) both.observe(block);
  for (auto const& block : shorter) twins.observe(block);
  both.merge(twins);
  auto const taken =
      census::estimate_position(keep_layer(blocks, kept_in::memory), census::by_position_inside(both.table(0)));
  CHECK(taken.groups == 0);
  CHECK(taken.of_neuron.empty());
}
