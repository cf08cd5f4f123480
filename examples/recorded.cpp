// SPDX-License-Identifier: MIT
// Activations that another program recorded, PyTorch hooks (record_activations.py) or TransformerLens: FOLDER holds
// tokens.npy [sequence, position] and layer_0.npy, layer_1.npy ... [sequence, position, neuron].
#include <census/census.hpp>
#include <census/recording/recording.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 2) throw census::bad_input("recorded", "usage: recorded FOLDER");
  std::filesystem::path const folder = argv[1];
  census::liveness alive;
  census::position_information positions;
  // [recorded]
  census::recording const recorded(folder / "layer_{}.npy", {.tokens = folder / "tokens.npy"});
  auto blocks = census::activations(recorded);
  census::survey(blocks, alive, positions);
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
