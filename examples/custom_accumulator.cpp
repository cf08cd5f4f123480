// SPDX-License-Identifier: MIT
// An accumulator of one's own: how many neurons are active at a token? The paper's sparsity, seen from the token's
// side.
#include <census/accumulator/laws.hpp>
#include <census/census.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include <bit>
#include <iostream>
#include <map>

/// Tokens of each layer by the number of neurons that fire at them: layer -> active neurons -> tokens.
struct active_neurons {
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> tokens;

  void observe(census::block const& block) {
    for (std::size_t row = 0; row < block.firings().rows(); ++row) {
      std::uint32_t active = 0;
      for (std::uint64_t const word : block.firings().row(row))
        active += static_cast<std::uint32_t>(std::popcount(word));
      ++tokens[block.layer()][active];
    }
  }

  void merge(active_neurons const& other) {
    for (auto const& [layer, histogram] : other.tokens)
      for (auto const& [active, count] : histogram) tokens[layer][active] += count;
  }

  template <class Archive>
  void serialize(Archive& archive) {  // so that it can be stored, and goes on from there
    archive("tokens", tokens);
  }

  friend bool operator==(active_neurons const&, active_neurons const&) = default;
};

int main(int argc, char** argv) try {
  if (argc < 3) throw census::bad_input("custom_accumulator", "usage: custom_accumulator MODEL [NAME=]TEXT...");
  auto const model = census::open_model(argv[1]);
  auto const corpus = census::open_corpus(model.tokenizer(), {argv + 2, argv + argc},
                                          {.context = model.architecture().max_positions, .tokens = 20000});

  active_neurons active;
  auto activations = census::activations(model, corpus, {.keep_values = false});
  census::survey(activations, active);
  for (auto const& [layer, histogram] : active.tokens) {
    std::uint64_t tokens = 0, sum = 0;
    for (auto const& [neurons, count] : histogram) tokens += count, sum += neurons * count;
    std::cout << "layer " << layer << ": " << static_cast<double>(sum) / static_cast<double>(tokens)
              << " active neurons a token on average, from " << histogram.begin()->first << " to "
              << histogram.rbegin()->first << " of " << model.architecture().ffn_size << '\n';
  }

  // It merges, so it must keep the laws: here on a few thousand tokens.
  auto few = census::activations(model, corpus, {.layers = {0, 1}, .rows_per_block = 4096, .keep_values = false});
  std::vector<census::block> blocks;
  for (auto const& block : few) blocks.push_back(block);
  for (auto const& law : census::broken_laws(active_neurons{}, blocks))
    throw std::logic_error("active_neurons breaks a law: " + law);
  std::cout << "the accumulator keeps the laws\n";
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
