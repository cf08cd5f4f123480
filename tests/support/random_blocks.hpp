// SPDX-License-Identifier: MIT
// Random activations whose every count can be recounted by brute force: ragged sequences, several domains, several
// layers.
#pragma once

#include <census/activation/block.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace census_test {

struct random_shape {
  std::size_t texts = 4, sequences = 5, neurons = 70;
  std::uint32_t layers = 3, context = 12, vocabulary = 9;
  std::uint16_t domains = 3;
  bool bos = true;
  std::uint32_t seed = 1;
};

/// Blocks text by text, in each text layer by layer. Neuron n of layer l fires with a probability of its own, some
/// never, some always, some by token, some by position.
inline std::vector<census::block> random_blocks(random_shape const& shape = {}) {
  std::mt19937 random(shape.seed);
  auto const below = [&](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
  std::uniform_real_distribution<float> unit;
  std::vector<census::block> blocks;
  std::uint64_t document = 0;
  for (std::size_t t = 0; t < shape.texts; ++t) {
    census::text_rows rows;
    for (std::size_t s = 0; s < shape.sequences; ++s) {
      census::sequence sequence{.document = document++,
                                .piece = below(3),
                                .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                                .length = below(2) == 0 ? shape.context : 1 + below(shape.context),
                                .domain = static_cast<std::uint16_t>(below(shape.domains)),
                                .has_bos = shape.bos};
      sequence.full = sequence.length == shape.context;
      for (std::uint32_t p = 0; p < sequence.length; ++p)
        rows.tokens.push_back(shape.bos && p == 0 ? 2 : 3 + below(shape.vocabulary));
      rows.sequences.push_back(sequence);
    }
    auto const text = census::share(rows);
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
      std::vector<float> values;
      for (census::sequence const& sequence : rows.sequences)
        for (std::uint32_t p = 0; p < sequence.length; ++p)
          for (std::size_t n = 0; n < shape.neurons; ++n) {
            float chance = static_cast<float>((n * 7 + layer) % 20) / 20;                     // 0 for some: dead
            if (n % 20 == 9) chance = 1;                                                      // always
            if (n % 20 == 11) chance = rows.tokens[sequence.first_row + p] == 5 ? 1.f : 0.f;  // by token
            if (n % 20 == 12) chance = p % 4 < 2 ? 1.f : 0.f;                                 // by position
            float const size = 0.01f + unit(random);
            values.push_back(unit(random) < chance ? size : -size);
          }
      blocks.push_back(census::make_block(layer, text, {std::move(values), shape.neurons}));
    }
  }
  return blocks;
}

/// Calls visit(block, row, sequence) for every row of every block: the raw material of a recount.
template <class Visit>
void for_each_row(std::vector<census::block> const& blocks, Visit visit) {
  for (census::block const& block : blocks)
    for (census::sequence const& sequence : block.text()->sequences)
      for (std::uint32_t row = sequence.first_row; row < sequence.first_row + sequence.length; ++row)
        visit(block, row, sequence);
}

}  // namespace census_test
