// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace census::detail {

/// Stores a part of a layer's firings with its text: `firings` [row, word], packed as packed_firings is. What lies in a
/// file is read when the state is written, some rows at a time.
template <class Archive>
void store_part(Archive& archive, kept_layer::part const& part) {
  constexpr std::size_t words_at_once = std::size_t{1} << 17;  // 1 MiB
  archive("text", *part.text);
  std::size_t const rows = part.text->tokens.size(),
                    words = std::visit([](auto const&firings) { return firings.words_per_row(); }, part.firings),
                    rows_at_once = std::max<std::size_t>(1, words_at_once / std::max<std::size_t>(1, words));
  archive.template pieces<std::uint64_t>("firings", rows * words, [=](auto const& sink) {
    std::vector<std::uint64_t> bits;
    for (std::size_t first = 0; first < rows && words > 0; first += rows_at_once) {
      bits.resize(std::min(rows_at_once, rows - first) * words);
      kept_layer::read(part, 0, words, bits, first);
      sink(std::span<std::uint64_t const>(bits));
    }
  });
}

/// The part of a layer of so many neurons that store_part stored. Throws std::invalid_argument where the firings are
/// not those of its text, or of more neurons, or these are 2^32 or more, as no block's are.
template <class Archive>
kept_layer::part restored_part(Archive& archive, std::uint64_t neurons) {
  if (neurons > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("firings of " + std::to_string(neurons) + " neurons; a layer has at most 2^32 - 1");
  text_rows text;
  archive("text", text);
  auto const stored = archive.template pieces<std::uint64_t>("firings");
  std::size_t const rows = text.tokens.size(), words = packed_firings::words_for(neurons);
  if (words == 0 ? stored.size() != 0 : stored.size() % words != 0 || stored.size() / words != rows)
    throw std::invalid_argument("firings are not one bit for each neuron and token of their text");
  auto bits = std::make_shared<std::uint64_t[]>(stored.size());
  stored.copy(0, std::span(bits.get(), stored.size()));
  return {share(std::move(text)), packed_firings(std::move(bits), rows, neurons)};
}

}  // namespace census::detail
