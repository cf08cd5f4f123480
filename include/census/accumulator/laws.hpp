// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Says in one line why A is no accumulator of such blocks that can be compared.
template <class A, class Block>
constexpr bool require_accumulator() {
  static_assert(activation_block<Block>,
                "census::broken_laws: the second argument must hold a census::activation_block "
                "in each element: copyable, with layer(), text() and firings()");
  static_assert(!activation_block<Block> || observer<A, Block>,
                "census::broken_laws: not a census::accumulator<A, Block>: `observe(block)` has to accept the blocks");
  static_assert(mergeable<A>, "census::broken_laws: not a census::accumulator<A, Block>: it has to be copyable, with "
                              "`void merge(A const& other)`");
  static_assert(std::equality_comparable<A>,
                "census::broken_laws: the laws compare accumulators by `==`, which this one "
                "has not; it is to mean \"would answer every question alike\"");
  return accumulator<A, Block> && std::equality_comparable<A>;
}

template <class Block, class A>
std::vector<std::string> broken_laws(A const& fresh, std::vector<Block> blocks, std::uint32_t seed) {
  if (blocks.size() < 3) return {"at least three blocks are needed to tell"};
  std::vector<std::string> broken;
  auto const law = [&](bool holds, char const* text) {
    if (!holds) broken.emplace_back(text);
  };
  auto const observing = [&](auto from, auto to) {
    A accumulator = fresh;
    for (; from != to; ++from) accumulator.observe(*from);
    return accumulator;
  };
  auto const merged = [](A left, A const& right) {
    left.merge(right);
    return left;
  };

  A const whole = observing(blocks.begin(), blocks.end());
  law(!(whole == fresh), "observing blocks changes the accumulator (or == cannot tell)");

  bool halves = true, commutes = true;
  for (std::size_t split = 0; split <= blocks.size(); ++split) {
    auto const middle = blocks.begin() + static_cast<std::ptrdiff_t>(split);
    A const left = observing(blocks.begin(), middle), right = observing(middle, blocks.end());
    halves &= merged(left, right) == whole;
    commutes &= merged(right, left) == whole;
  }
  law(halves, "merging two halves equals observing the whole");
  law(commutes, "the order of a merge does not matter");

  std::vector<A> parts;
  for (auto block = blocks.begin(); block != blocks.end(); ++block) parts.push_back(observing(block, block + 1));
  A left_first = fresh, right_first = fresh;
  for (auto const& part : parts) left_first = merged(left_first, part);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) right_first = merged(*part, right_first);
  law(left_first == right_first && left_first == whole, "merges may be grouped in any way");

  law(merged(whole, fresh) == whole && merged(fresh, whole) == whole,
      "merging one that observed nothing changes nothing");

  A const kept = observing(blocks.begin(), blocks.begin() + 1);
  A copy = kept;
  for (auto block = blocks.begin() + 1; block != blocks.end(); ++block) copy.observe(*block);
  law(kept == observing(blocks.begin(), blocks.begin() + 1), "a copy is independent of its original");
  law(copy == whole, "a copy goes on where its original stood");

  std::mt19937 random(seed);
  bool any_order = true;
  for (int shuffle = 0; shuffle < 3; ++shuffle) {
    for (std::size_t i = blocks.size(); i > 1; --i) std::swap(blocks[i - 1], blocks[random() % i]);
    any_order &= observing(blocks.begin(), blocks.end()) == whole;
  }
  law(any_order, "the order of the blocks does not matter");
  return broken;
}

}  // namespace detail

/// The accumulator laws as a test: which of them `fresh`, an accumulator that has observed nothing, breaks on these
/// blocks. Empty where all hold. For every accumulator, the user's own too, under any test framework:
///
///     REQUIRE(census::broken_laws(my_accumulator{}, blocks) == std::vector<std::string>{});
///
/// Equality is by ==, and is to mean "would answer every question alike". Give at least three blocks, each with text of
/// its own.
template <class Block, class A>
std::vector<std::string> broken_laws(A const& fresh, std::vector<Block> blocks, std::uint32_t seed = 1) {
  if constexpr (detail::require_accumulator<A, Block>())
    return detail::broken_laws(fresh, std::move(blocks), seed);
  else
    return {};
}

}  // namespace census
