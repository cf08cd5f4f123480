// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/storable.hpp>
#include <census/archive/store.hpp>

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
                "in each element: copyable, with layer(), text(), which gives a census::shared_text const&, and "
                "firings()");
  static_assert(!activation_block<Block> || observer<A, Block>,
                "census::broken_laws: not a census::accumulator<A, Block>: `observe(block)` has to accept the blocks");
  static_assert(mergeable<A>, "census::broken_laws: not a census::accumulator<A, Block>: it has to be copyable, with "
                              "`void merge(A const& other)`");
  static_assert(std::equality_comparable<A>,
                "census::broken_laws: the laws compare accumulators by `==`, which this one "
                "has not; it is to mean \"would answer every question alike\"");
  return accumulator<A, Block> && std::equality_comparable<A>;
}

/// `fresh`, made what was stored of another.
template <class A>
A stored_and_restored(A const& fresh, A const& stored) {
  A restored = fresh;
  restore(store(stored), restored);
  return restored;
}

/// Whether an accumulator that was stored after some of the blocks equals itself, and goes on alike: it observes the
/// others, and merges with one that did.
template <class A, class Observing>
bool keeps_what_is_stored(A const& fresh, std::size_t blocks, A const& whole, Observing const& observing) {
  for (std::size_t split = 0; split <= blocks; ++split) {
    A const left = observing(fresh, 0, split), right = observing(fresh, split, blocks);
    A const restored = stored_and_restored(fresh, left);
    A merged = restored;
    merged.merge(stored_and_restored(fresh, right));
    if (!(restored == left && merged == whole && observing(restored, split, blocks) == whole)) return false;
  }
  return true;
}

template <class Block, class A>
std::vector<std::string> broken_laws(A const& fresh, std::vector<Block> blocks, std::uint32_t seed) {
  if (blocks.size() < 3) return {"at least three blocks are needed to tell"};
  std::vector<std::string> broken;
  auto const law = [&](bool holds, char const* text) {
    if (!holds) broken.emplace_back(text);
  };
  auto const observing_into = [&](A accumulator, std::size_t first, std::size_t last) {
    for (; first != last; ++first) accumulator.observe(blocks[first]);
    return accumulator;
  };
  auto const observing = [&](std::size_t first, std::size_t last) { return observing_into(fresh, first, last); };
  auto const merged = [](A left, A const& right) {
    left.merge(right);
    return left;
  };

  std::size_t const all = blocks.size();
  A const whole = observing(0, all);
  law(!(whole == fresh), "observing blocks changes the accumulator (or == cannot tell)");

  bool halves = true, commutes = true;
  for (std::size_t split = 0; split <= all; ++split) {
    A const left = observing(0, split), right = observing(split, all);
    halves &= merged(left, right) == whole;
    commutes &= merged(right, left) == whole;
  }
  law(halves, "merging two halves equals observing the whole");
  law(commutes, "the order of a merge does not matter");

  std::vector<A> parts;
  for (std::size_t i = 0; i < all; ++i) parts.push_back(observing(i, i + 1));
  A left_first = fresh, right_first = fresh;
  for (auto const& part : parts) left_first = merged(left_first, part);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) right_first = merged(*part, right_first);
  law(left_first == right_first && left_first == whole, "merges may be grouped in any way");

  law(merged(whole, fresh) == whole && merged(fresh, whole) == whole,
      "merging one that observed nothing changes nothing");

  A const kept = observing(0, 1);
  A copy = kept;
  for (std::size_t i = 1; i < all; ++i) copy.observe(blocks[i]);
  law(kept == observing(0, 1), "a copy is independent of its original");
  law(copy == whole, "a copy goes on where its original stood");

  if constexpr (storable<A>)
    law(keeps_what_is_stored(fresh, all, whole, observing_into),
        "what is stored and restored is equal, and goes on alike");

  std::mt19937 random(seed);
  bool any_order = true;
  for (int shuffle = 0; shuffle < 3; ++shuffle) {
    for (std::size_t i = blocks.size(); i > 1; --i) std::swap(blocks[i - 1], blocks[random() % i]);
    any_order &= observing(0, all) == whole;
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
/// Equality is by ==, and is to mean "would answer every question alike". One that can be stored (archive/storable.hpp)
/// is stored and restored as well. Give at least three blocks, each with text of its own.
template <class Block, class A>
std::vector<std::string> broken_laws(A const& fresh, std::vector<Block> blocks, std::uint32_t seed = 1) {
  if constexpr (detail::require_accumulator<A, Block>())
    return detail::broken_laws(fresh, std::move(blocks), seed);
  else
    return {};
}

}  // namespace census
