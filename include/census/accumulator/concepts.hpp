// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>

#include <concepts>

namespace census {

/// An observer looks at blocks of type B: `o.observe(block)`. Progress, a recorder, anything whose result may depend on
/// the order.
template <class O, class B>
concept observer = activation_block<B> && requires(O& o, B const& block) {
  o.observe(block);
};

/// Whether an observer acts while it looks, as progress does, and holds nothing to ask for afterwards: such a one may
/// be handed to a survey as a temporary. Set it to true for one's own.
template <class O>
inline constexpr bool has_no_result = false;

/// What can be split and put together: a value with `a.merge(other)`.
template <class A>
concept mergeable = std::copyable<A> && requires(A& a, A const& other) {
  a.merge(other);
};

/// An accumulator is an observer whose observations merge.
/// Laws, for values that started alike (accumulator/laws.hpp checks them):
///  - merging those that observed two halves of a text equals observing the whole;
///  - the order of blocks and of merges does not matter;
///  - merging one that observed nothing changes nothing;
///  - a copy is independent: what it observes, its original does not;
///  - one that can be stored (archive/storable.hpp) is restored as it was, and goes on alike.
/// A running mean that forgets its number of samples has `merge` and breaks the first law; a "first token seen" breaks
/// the second.
template <class A, class B>
concept accumulator = observer<A, B> && mergeable<A>;

}  // namespace census
