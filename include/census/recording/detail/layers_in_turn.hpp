// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/source.hpp>
#include <census/generated_range.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace census::detail {

/// A layered source of these layers: blocks_of(number) gives a callable that yields the blocks of one.
template <class BlocksOf>
auto layers_in_turn(std::vector<std::uint32_t> numbers, BlocksOf blocks_of) {
  using source = generated_source<std::invoke_result_t<BlocksOf const&, std::uint32_t>>;
  auto next = [numbers = std::move(numbers), blocks_of = std::move(blocks_of),
               i = std::size_t{0}]() mutable -> std::optional<source> {
    if (i == numbers.size()) return std::nullopt;
    return source(blocks_of(numbers[i++]));
  };
  return generated_range<decltype(next)>(std::move(next));
}

/// A source of the blocks of all of them, layer by layer.
template <class BlocksOf>
auto blocks_in_turn(std::vector<std::uint32_t> numbers, BlocksOf blocks_of) {
  using blocks = std::invoke_result_t<BlocksOf const&, std::uint32_t>;
  auto next = [numbers = std::move(numbers), blocks_of = std::move(blocks_of), i = std::size_t{0},
               layer = std::optional<blocks>()]() mutable -> std::invoke_result_t<blocks&> {
    for (;; layer.emplace(blocks_of(numbers[i++]))) {
      if (layer)
        if (auto made = (*layer)()) return made;
      if (i == numbers.size()) return std::nullopt;
    }
  };
  return generated_source(std::move(next));
}

}  // namespace census::detail
