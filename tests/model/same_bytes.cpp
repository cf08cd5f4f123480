// SPDX-License-Identifier: MIT
// Prints a hash of a random model's activations and firings; same_bytes.cmake compares it between environments.
#include <census/model/activations.hpp>
#include <census/model/open_model.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <bit>
#include <cstdint>
#include <iostream>

namespace {

void add_to_hash(std::uint64_t& hash, random_model const& shape) {
  temporary_folder folder;
  shape.write(folder.path());
  auto const model = census::open_model(folder.path());
  auto const text =
      text_of({random_sequence(1, 300), random_sequence(7, 300), random_sequence(129, 300), random_sequence(511, 300)});
  for (census::block const& block : census::activations(model, std::vector{text}))
    for (std::size_t i = 0; i < block.firings().rows(); ++i) {
      for (auto const word : block.firings().row(i)) hash = (hash ^ word) * 0x100000001b3;
      for (float const v : block.values().row(i)) hash = (hash ^ std::bit_cast<std::uint32_t>(v)) * 0x100000001b3;
    }
}

}  // namespace

int main() {
  std::uint64_t hash = 0xcbf29ce484222325;
  random_model shape{.hidden = 256, .heads = 4, .ffn = 1030, .layers = 2, .vocabulary = 300, .positions = 512};
  add_to_hash(hash, shape);
  shape.embedding = 72, shape.norm_first = false, shape.activation = "gelu_new";
  add_to_hash(hash, shape);
  std::cout << std::hex << hash << '\n';
}
