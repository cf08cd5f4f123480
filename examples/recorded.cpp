// SPDX-License-Identifier: MIT
// Activations that another program recorded, PyTorch hooks (record_activations.py) or TransformerLens: FOLDER holds
// tokens.npy and mask.npy [sequence, position] and layer_0.npy, layer_1.npy ... [sequence, position, neuron]. Tables by
// token go to OUT.
#include <census/census.hpp>
#include <census/recording/recording.hpp>
#include <census/report/write_table.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

int main(int argc, char** argv) try {
  if (argc != 3) throw census::bad_input("recorded", "usage: recorded FOLDER OUT");
  std::filesystem::path const folder = argv[1], out = argv[2];
  std::filesystem::create_directories(out);
  // [recorded]
  census::recording const recorded(folder / "layer_{}.npy",
                                   {.tokens = folder / "tokens.npy", .mask = folder / "mask.npy", .bos = 2});
  census::liveness alive;         // firings of each neuron, BOS included
  census::token_coverage tokens;  // firings by token, BOS left out
  census::position_information positions;
  auto blocks = census::activations(recorded);
  census::survey(blocks, alive, tokens, positions);
  for (auto const layer : recorded.layers())
    census::write_table(out / ("tokens-" + std::to_string(layer) + ".safetensors"), tokens.table(layer));
  // [recorded]

  for (auto const layer : recorded.layers()) {
    auto const information = census::corrected_mutual_information(positions.table(layer));
    std::cout << "layer " << layer << ": " << census::dead_neurons(alive.table(layer)).size() << " of "
              << information.size() << " neurons dead, "
              << std::ranges::count_if(information, [](double nats) { return nats > 0.05; }) << " positional\n";
  }
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
