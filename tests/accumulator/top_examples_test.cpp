// SPDX-License-Identifier: MIT
#include <census/accumulator/concepts.hpp>
#include <census/accumulator/laws.hpp>
#include <census/accumulator/top_examples.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

using neuron_of_layer = std::pair<std::uint32_t, std::size_t>;

struct firing_seen {
  census::block const* block;
  census::sequence sequence;
  std::uint32_t position;
  float value;
};

/// All firings but those at BOS, neuron by neuron.
std::map<neuron_of_layer, std::vector<firing_seen>> all_firings(std::vector<census::block> const& blocks) {
  std::map<neuron_of_layer, std::vector<firing_seen>> seen;
  census_test::for_each_row(blocks, [&](census::block const& block, std::uint32_t row, census::sequence const& s) {
    for (std::size_t n = 0; n < block.firings().neurons(); ++n)
      if (block.firings().fires(row, n) && !(s.has_bos && row == s.first_row))
        seen[{block.layer(), n}].push_back({&block, s, row - s.first_row, block.values().row(row)[n]});
  });
  return seen;
}

/// The firing in its window, cut out token by token.
census::activation_example cut_out(firing_seen const& one, std::size_t neuron, int before, int after) {
  census::activation_example example{one.value, {one.sequence.document, one.sequence.piece, one.position}, 0, {}, {}};
  int const position = static_cast<int>(one.position);
  example.first = static_cast<std::uint32_t>(std::max(0, position - before));
  for (int p = position - before; p <= position + after; ++p) {
    if (p < 0 || p >= static_cast<int>(one.sequence.length)) continue;
    auto const row = one.sequence.first_row + static_cast<std::uint32_t>(p);
    example.ids.push_back(one.block->text()->tokens[row]);
    example.values.push_back(std::max(0.f, one.block->values().row(row)[neuron]));
  }
  return example;
}

/// The largest firing of each sequence, sorted by value and place, and the first of these.
std::vector<census::activation_example> recounted(std::vector<firing_seen> const& firings, std::size_t neuron,
                                                  census::example_options const& options) {
  std::vector<census::activation_example> all;
  for (firing_seen const& one : firings)
    all.push_back(cut_out(one, neuron, static_cast<int>(options.before), static_cast<int>(options.after)));
  std::ranges::sort(
      all, [](auto const& a, auto const& b) { return std::tie(b.value, a.place) < std::tie(a.value, b.place); });
  std::vector<census::activation_example> first;
  for (auto const& one : all) {
    auto const same_sequence = [&](auto const& other) {
      return other.place.document == one.place.document && other.place.piece == one.place.piece;
    };
    if (first.size() < options.count && std::ranges::none_of(first, same_sequence)) first.push_back(one);
  }
  return first;
}

census::top_examples seen(census::example_options const& options, std::vector<census::block> const& blocks) {
  census::top_examples examples(options);
  for (auto const& block : blocks) examples.observe(block);
  return examples;
}

/// The same blocks with values that are whole multiples of a half, so that many are equal.
std::vector<census::block> with_equal_values(std::vector<census::block> blocks) {
  for (auto& block : blocks) {
    std::vector<float> values;
    for (std::size_t row = 0; row < block.values().rows(); ++row)
      for (float const value : block.values().row(row)) values.push_back(value > 0.5f ? 1.f : value > 0 ? 0.5f : value);
    block = census::make_block(block.layer(), block.text(), {std::move(values), block.values().neurons()});
  }
  return blocks;
}

/// The same blocks with the values of firings alone.
std::vector<census::block> with_firing_values(std::vector<census::block> blocks) {
  for (auto& block : blocks) {
    std::size_t const rows = block.firings().rows(), neurons = block.firings().neurons();
    auto const values = std::make_shared<float[]>(rows * neurons);
    auto const first = std::make_shared<std::size_t[]>(rows);
    for (std::size_t row = 0, next = 0; row < rows; ++row) {
      first[row] = next;
      for (std::size_t n = 0; n < neurons; ++n)
        if (block.firings().fires(row, n)) values[next++] = block.values().row(row)[n];
    }
    block = {block.layer(), block.text(), block.firings(), {}, {values, first, rows, neurons}};
  }
  return blocks;
}

/// One sequence of one neuron.
census::block one_neuron(std::uint64_t document, std::vector<float> values, bool has_bos = false) {
  auto const length = static_cast<std::uint32_t>(values.size());
  std::vector<census::token_id> tokens;
  for (std::uint32_t p = 0; p < length; ++p) tokens.push_back(10 + p);
  return census::make_block(0, census::share({tokens, {{.document = document, .length = length, .has_bos = has_bos}}}),
                            {std::move(values), 1});
}

}  // namespace

TEST_CASE("the largest firings of each neuron, one a sequence, are those of a recount, their windows cut at the ends") {
  for (std::size_t const neurons : {70, 600})  // a stripe, and more than one
    for (bool const equal_values : {false, true}) {
      auto blocks = census_test::random_blocks({.neurons = neurons, .layers = 2});
      if (equal_values) blocks = with_equal_values(blocks);
      census::example_options const options{.count = 4, .before = 3, .after = 2};
      auto const examples = seen(options, blocks);
      auto const firings = all_firings(blocks);
      std::size_t told = 0;
      for (std::uint32_t const layer : {0, 1})
        for (auto const& [neuron, largest, bins] : examples.at(layer).neurons) {
          CHECK(largest == recounted(firings.at({layer, neuron}), neuron, options));
          CHECK(bins.empty());
          ++told;
        }
      CHECK(told == firings.size());  // those that never fired but at BOS are not told of
    }
}

TEST_CASE("as many examples as there are numbers are all that a neuron has") {
  auto const blocks = census_test::random_blocks({.texts = 30, .neurons = 3, .layers = 1});
  census::example_options const options{.count = std::numeric_limits<std::uint64_t>::max(), .before = 3, .after = 2};
  auto const firings = all_firings(blocks);
  auto const examples = seen(options, blocks).at(0);
  std::size_t most = 0;
  for (auto const& [neuron, largest, bins] : examples.neurons) {
    CHECK(largest == recounted(firings.at({std::uint32_t{0}, neuron}), neuron, options));
    most = std::max(most, largest.size());
  }
  CHECK(most > 20);
}

TEST_CASE("a window of as many tokens as there are numbers is the whole sequence") {
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  auto const examples = seen({.before = all, .after = all}, {one_neuron(4, {0, 0.5f, 3, 0, 1})}).at(0);
  REQUIRE(examples.neurons.size() == 1);
  CHECK(examples.neurons[0].largest ==
        std::vector<census::activation_example>{{3, {4, 0, 2}, 0, {10, 11, 12, 13, 14}, {0, 0.5f, 3, 0, 1}}});
}

TEST_CASE("examples are the same where blocks carry the values of firings alone") {
  for (std::size_t const neurons : {70, 600, 1100}) {  // stripes that begin behind others' firings
    auto const blocks = census_test::random_blocks({.neurons = neurons, .layers = 2});
    census::example_options const options{.count = 4, .bins = 3, .in_each_bin = 2, .before = 3, .after = 2};
    CHECK(seen(options, with_firing_values(blocks)) == seen(options, blocks));
  }
  CHECK_THROWS_AS(seen({}, {census::block(0, census::share({{5}, {{.length = 1}}}), census::pack({{1.f}, 1}))}),
                  std::invalid_argument);
}

TEST_CASE("examples keep the accumulator laws, equal values and bins included") {
  STATIC_REQUIRE(census::accumulator<census::top_examples, census::block>);
  auto const blocks = census_test::random_blocks({.layers = 2});
  for (auto const& observed : {blocks, with_equal_values(blocks)}) {
    CHECK(census::broken_laws(census::top_examples({.count = 3}), observed) == std::vector<std::string>{});
    CHECK(census::broken_laws(census::top_examples({.count = 2, .bins = 3, .in_each_bin = 2}), observed) ==
          std::vector<std::string>{});
  }
}

TEST_CASE("bins share out all firings, ascending, of a neuron that fired no more often than are drawn") {
  auto const blocks = census_test::random_blocks({.texts = 3, .sequences = 2, .layers = 1});
  census::example_options const options{.count = 1, .bins = 4, .in_each_bin = 5};
  auto const firings = all_firings(blocks);
  for (auto const& [neuron, largest, bins] : seen(options, blocks).at(0).neurons) {
    auto const& all = firings.at({0, neuron});
    std::vector<float> expected, found;
    for (auto const& one : all) expected.push_back(one.value);
    std::ranges::sort(expected);
    double shares = 0;
    for (auto const& bin : bins) {
      shares += bin.share;
      CHECK(bin.from == bin.examples.back().value);
      CHECK(bin.to == bin.examples.front().value);
      for (auto one = bin.examples.rbegin(); one != bin.examples.rend(); ++one) found.push_back(one->value);
    }
    CHECK(shares == Approx(1));
    CHECK(std::ranges::is_sorted(found));
    CHECK(found.size() == std::min<std::size_t>(all.size(), 20));
    if (all.size() <= 20) CHECK(found == expected);
  }
}

TEST_CASE("what is drawn by lot is spread over the text and the values") {
  std::vector<float> values;
  for (int i = 0; i < 4000; ++i) values.push_back(static_cast<float>(1 + i));  // at position i
  census::example_options const options{.count = 1, .bins = 4, .in_each_bin = 100};
  auto const bins = seen(options, {one_neuron(3, values)}).at(0).neurons.at(0).bins;
  REQUIRE(bins.size() == 4);
  for (std::size_t b = 0; b < 4; ++b) {  // 400 of 4000: a quantile is off by some 2 % of the range
    CHECK(bins[b].share == 0.25);
    CHECK(std::abs(bins[b].from - 1000 * static_cast<float>(b)) < 300);
    CHECK(std::abs(bins[b].to - 1000 * static_cast<float>(b + 1)) < 300);
  }
}

TEST_CASE("a firing at BOS is no example, and is shown in the windows of others") {
  auto const examples = seen({}, {one_neuron(0, {9, 0, 1, 0}, true), one_neuron(1, {9, 0, 0, 0}, true)}).at(0);
  REQUIRE(examples.neurons.size() == 1);
  REQUIRE(examples.neurons[0].largest.size() == 1);
  auto const& only = examples.neurons[0].largest[0];
  CHECK(only.place == census::text_place{0, 0, 2});
  CHECK(only.first == 0);
  CHECK(only.values == std::vector<float>{9, 0, 1, 0});
}

TEST_CASE("infinite activations come first, NaN is no example where firings were decided elsewhere") {
  auto const infinite = seen({}, {one_neuron(0, {1, infinity}), one_neuron(1, {2})}).at(0).neurons.at(0).largest;
  REQUIRE(infinite.size() == 2);
  CHECK(infinite[0].value == infinity);
  CHECK(infinite[1].value == 2);

  auto const fired = one_neuron(0, {1, 1, 1});
  census::block const with_nan(0, fired.text(), fired.firings(),
                               {{3, std::numeric_limits<float>::quiet_NaN(), -infinity}, std::size_t{1}});
  auto const of_nan = seen({.bins = 1}, {with_nan}).at(0).neurons.at(0);
  REQUIRE(of_nan.largest.size() == 1);
  CHECK(of_nan.largest[0].value == 3);
  CHECK(of_nan.bins.at(0).examples.size() == 2);  // −infinity may be drawn
}

TEST_CASE("examples refuse blocks without values, what they have seen, and merging with other options") {
  auto const block = census_test::random_blocks().front();
  census::top_examples examples, others({.count = 3});
  CHECK_THROWS_AS(examples.observe(census::block(0, block.text(), block.firings())), std::invalid_argument);
  CHECK(examples.layers().empty());
  examples.observe(block);
  CHECK_THROWS_WITH(examples.observe(block), Catch::Contains("was observed before"));
  CHECK_THROWS_WITH(examples.merge(census::top_examples(examples)), Catch::Contains("observed the same sequence"));
  CHECK_THROWS_WITH(examples.merge(others), Catch::Contains("other examples"));
  CHECK_THROWS_AS(examples.at(5), std::out_of_range);
}

TEST_CASE("examples that are out of order or too many are not restored") {
  auto const examples = seen({.count = 3}, census_test::random_blocks({.layers = 1}));
  auto const tampered = [&](std::string const& name, auto const& change) {
    auto state = census::store(examples);
    auto bytes = state.arrays.at(name).bytes();
    change(bytes);
    state.arrays.at(name).pieces = {[bytes](auto const& sink) { sink(bytes); }};
    census::top_examples restored({.count = 3});
    census::restore(state, restored);
  };
  CHECK_NOTHROW(tampered("state/largest/value", [](auto&) {}));
  CHECK_THROWS_AS(tampered("state/largest/value", [](auto& bytes) { std::ranges::reverse(bytes); }), census::bad_input);
  census::top_examples other({.count = 2});
  CHECK_THROWS_WITH(census::restore(census::store(examples), other), Catch::Contains("was stored with other options"));
}

TEST_CASE("the memory of examples is told from above") {
  census::example_options const options{.count = 2, .bins = 1, .in_each_bin = 3, .before = 4, .after = 3};
  auto const examples =
      seen(options, census_test::random_blocks({.texts = 9, .neurons = 64, .layers = 1, .context = 40}));
  std::uint64_t held = 0;
  for (auto const& one : examples.at(0).neurons)
    for (auto const& example : one.largest)
      held += sizeof example + example.ids.size() * sizeof(census::token_id) + example.values.size() * sizeof(float);
  CHECK(census::top_examples::bytes(options, 64, 45) > held);
  CHECK(census::top_examples::bytes(options, 128, 90) == 2 * census::top_examples::bytes(options, 64, 45));
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  CHECK(census::top_examples::bytes({.before = all, .after = all}, 1, 1) >
        census::top_examples::bytes({.before = 100'000, .after = 100'000}, 1, 1));
}

TEST_CASE("the largest firing is found where larger values are none, whatever fires") {
  auto const block = census_test::random_blocks({.neurons = 70, .layers = 1}).front();
  auto const small_fire = [](float value) { return value > 0 && value < 0.5f; };
  std::vector<float> values;
  for (std::size_t row = 0; row < block.values().rows(); ++row)
    for (float const value : block.values().row(row)) values.push_back(value);
  std::vector const observed{census::make_block(0, block.text(), {values, 70}, small_fire)};
  census::example_options const options{.count = 3};
  auto const firings = all_firings(observed);
  REQUIRE(firings.size() > 20);
  for (auto const& [neuron, largest, bins] : seen(options, observed).at(0).neurons) {
    auto const expected = recounted(firings.at({0, neuron}), neuron, options);
    REQUIRE(largest.size() == expected.size());
    for (std::size_t i = 0; i < largest.size(); ++i)
      CHECK((largest[i].value == expected[i].value && largest[i].place == expected[i].place));
  }
}
