// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/tabulation/list_ngrams.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/ngram_texts.hpp>

#include <map>

using census_test::kept_in;
using census_test::ngram_blocks;

namespace {

using lists = std::map<std::uint32_t, std::vector<census::key_firings>>;

lists listed(census::kept_layer const& layer, census::ngram_rows const& ngrams,
             std::vector<std::uint32_t> const& neurons, std::uint64_t memory) {
  lists found;
  for (std::uint32_t const neuron : neurons) found[neuron];  // so that visits write to places of their own
  census::list_ngrams(layer, ngrams, neurons, memory,
                      [&](std::uint32_t neuron, std::span<census::key_firings const> fired) {
                        found.at(neuron).assign(fired.begin(), fired.end());
                      });
  return found;
}

}  // namespace

TEST_CASE("a neuron's n-grams are those at which it fired, ascending, wherever firings lie") {
  for (auto const& shape : {census_test::ngram_shape{.texts = 4, .neurons = 2600, .longest = 25},
                            {.texts = 2, .sequences = 9, .neurons = 66, .longest = 1500, .vocabulary = 2, .seed = 4}}) {
    auto const blocks = ngram_blocks(shape);
    std::vector<std::uint32_t> neurons;
    for (std::uint32_t n = 0; n < shape.neurons; n += 1 + n % 23 + 600 * (n % 1000 > 900)) neurons.push_back(n);
    auto const in_memory = keep_layer(blocks, kept_in::memory);
    for (std::size_t const n : {1, 3}) {
      lists expected;
      for (std::uint32_t const neuron : neurons) expected[neuron];
      std::uint32_t number = 0;
      for (auto const& [tokens, here] : census_test::recount_ngrams(blocks, 0, n)) {
        for (std::uint32_t const neuron : neurons)
          if (here.firings[neuron] > 0) expected[neuron].push_back({number, here.firings[neuron], here.occurrences});
        ++number;
      }
      census::ngram_rows const ngrams(n, census::join(in_memory.texts()));
      for (std::uint64_t const memory : {0ull, 50'000ull, ~0ull})
        for (auto const where : {kept_in::memory, kept_in::file, kept_in::both})
          CHECK(listed(keep_layer(blocks, where), ngrams, neurons, memory) == expected);
    }
  }
}

TEST_CASE("neurons that do not ascend, or that the layer has not, are refused, and none are no work") {
  auto const blocks = ngram_blocks({});
  auto const layer = keep_layer(blocks, kept_in::memory);
  census::ngram_rows const ngrams(2, census::join(layer.texts()));
  CHECK_THROWS_AS(listed(layer, ngrams, {3, 2}, 0), std::invalid_argument);
  CHECK_THROWS_AS(listed(layer, ngrams, {3, 70}, 0), std::invalid_argument);
  CHECK(listed(layer, ngrams, {}, 0).empty());
}
