// SPDX-License-Identifier: MIT
// What is measured on a device is compared with the host: each of these throws where they disagree.
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/firings.hpp>
#include <census/cuda/precision.hpp>
#include <census/model/architecture.hpp>
#include <census/model/forward.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// How often a table has counted a block, and how often a text of the same tokens in which nothing fires.
struct times_counted {
  std::size_t block = 0, silence = 0;
};

/// Compares the bits of a block that a device has packed.
inline void check_bits(census::packed_firings const& bits, census::packed_firings const& expected,
                       std::string const& what) {
  for (std::size_t row = 0; row < expected.rows(); ++row)
    if (!std::ranges::equal(bits.row(row), expected.row(row)))
      throw std::runtime_error(what + ": the bits of row " + std::to_string(row) + " are not the host's");
}

/// Compares some rows of a device's table, of keys from the first to the last, with the block's bits, added up one by
/// one.
inline void check_table(census::firing_counts const& table, census::packed_firings const& bits,
                        census::key_rows const& keys, times_counted const& times, std::string const& what) {
  constexpr std::size_t most = 16;
  auto const groups = keys.groups();
  for (std::size_t i = 0; i < std::min(most, groups.size()); ++i) {
    auto const& group = groups[i * (groups.size() - 1) / std::max<std::size_t>(1, std::min(most, groups.size()) - 1)];
    std::vector<std::uint32_t> expected(bits.neurons());
    for (std::uint32_t const row : keys.order().subspan(group.first, group.size()))
      for (std::size_t neuron = 0; neuron < bits.neurons(); ++neuron)
        if (bits.fires(row, neuron)) expected[neuron] += static_cast<std::uint32_t>(times.block);
    auto const counted = table.select(std::array{group.table_row});
    if (counted.occurrences(0) != group.size() * (times.block + times.silence) ||
        !std::ranges::equal(counted.counts(0), expected))
      throw std::runtime_error(what + ": row " + std::to_string(group.table_row) + " is not what the host counts");
  }
}

/// Compares a layer's firings on a device, in the first tokens of a text, with the host's: `residual` is what the layer
/// was given there, [token, hidden]. Pre-activations next to 0 may fall on either side, the more of them the coarser
/// the precision; a wrong layer would disagree on about half.
inline void check_layer(census::architecture const& a, census::cuda::precision p, census::layer_weights const& weights,
                        census::padded_matrix residual, census::packed_firings const& bits) {
  census::workspace w;
  census::padded_matrix activations(residual.rows(), a.ffn_size);
  std::size_t differing = 0;
  census::attend(a, weights, residual.view(), w);
  census::feed_forward(
      a, weights, residual.view(), activations.view(), w, [](std::size_t, std::span<float const>) {},
      [&](std::size_t row, std::span<float const>, std::span<std::uint64_t const> fired) {
        for (std::size_t word = 0; word < fired.size(); ++word)
          differing += static_cast<std::size_t>(std::popcount(fired[word] ^ bits.row(row)[word]));
      });
  double const share = static_cast<double>(differing) / static_cast<double>(residual.rows() * a.ffn_size),
               most = p == census::cuda::precision::exact      ? 1e-4
                      : p == census::cuda::precision::bfloat16 ? 5e-2
                                                               : 1e-2;
  if (share > most)
    throw std::runtime_error("a layer, " + std::string(name_of(p)) + ": a share of " + std::to_string(share) +
                             " of the firings is not the host's");
}
