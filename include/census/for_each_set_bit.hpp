// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census {

/// Calls visit(n) for each set bit n of a word, ascending.
template <std::invocable<std::size_t> Visit>
void for_each_set_bit(std::uint64_t word, Visit visit) {
  for (; word != 0; word &= word - 1) visit(static_cast<std::size_t>(std::countr_zero(word)));
}

/// The same for several words, as firings are packed: bit n % 64 of word n / 64.
template <std::invocable<std::size_t> Visit>
void for_each_set_bit(std::span<std::uint64_t const> words, Visit visit) {
  for (std::size_t w = 0; w < words.size(); ++w)
    for_each_set_bit(words[w], [&](std::size_t bit) { visit(64 * w + bit); });
}

}  // namespace census
