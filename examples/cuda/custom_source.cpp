// SPDX-License-Identifier: MIT
// A source, a key and an accumulator of one's own, where activations lie on a device: the key and the accumulator know
// nothing of it. Here the activations are made up and copied there; elsewhere one's own kernels leave them there.
#include <census/census.hpp>
#include <census/cuda/pack.hpp>

#include <bit>
#include <iostream>

constexpr std::uint32_t layers = 2, neurons = 24, context = 32, documents = 20, rows = documents * context;

/// Yields a block a layer: neuron n of layer l fires at tokens that n + l + 1 divides.
struct made_up_layers {
  census::shared_text text;
  std::uint32_t layer = 0;

  std::optional<census::cuda::block> operator()() {
    if (layer == layers) return std::nullopt;
    std::vector<float> values;
    for (census::token_id const token : text->tokens)
      for (std::uint32_t n = 0; n < neurons; ++n) values.push_back(token % (n + layer + 1) == 0 ? 1.f : -1.f);
    void* there = nullptr;
    if (cudaMalloc(&there, values.size() * sizeof(float)) != cudaSuccess) throw std::runtime_error("no device");
    cudaMemcpy(there, values.data(), values.size() * sizeof(float), cudaMemcpyHostToDevice);
    auto block = census::cuda::make_block(layer++, text, {.data = there, .rows = rows, .neurons = neurons}, nullptr);
    cudaFree(there);  // the block has what it needs
    return block;
  }
};

/// Firings of each layer: it asks for the bits, so blocks come to the host, each once.
struct all_firings {
  std::map<std::uint32_t, std::uint64_t> of_layer;
  void observe(census::block const& block) {
    for (std::size_t row = 0; row < block.firings().rows(); ++row)
      for (auto const word : block.firings().row(row)) of_layer[block.layer()] += std::popcount(word);
  }
  void merge(all_firings const& other) {
    for (auto const& [layer, firings] : other.of_layer) of_layer[layer] += firings;
  }
};

int main() try {
  census::text_rows text;  // a document is one full sequence of made-up tokens
  for (std::uint32_t d = 0; d < documents; ++d)
    text.sequences.push_back({.document = d, .first_row = d * context, .length = context, .full = true});
  for (std::uint32_t row = 0; row < rows; ++row) text.tokens.push_back(row * row % 97);

  census::firings_by by_parity{[](census::token_at at) { return at.token() % 2 == 0; }};
  all_firings all;
  census::survey(census::generated_source{made_up_layers{census::share(std::move(text))}}, by_parity, all);
  for (auto const& [layer, firings] : all.of_layer)
    std::cout << "layer " << layer << ": " << firings << " firings; neuron 1 fires at "
              << by_parity.table(layer).counts(1)[1] << " even tokens\n";
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
