// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/generated_range.hpp>

#include <concepts>
#include <cstdint>
#include <ranges>
#include <type_traits>
#include <utility>

namespace census {

template <class Range>
using block_of = std::remove_cvref_t<std::ranges::range_reference_t<Range>>;

/// An activation source: any input range of activation blocks. A vector of blocks, a view over one, a generator, a
/// running model. Law: every row of the text that it covers comes once a layer; the order of the blocks carries no
/// meaning.
template <class S>
concept activation_source = std::ranges::input_range<S> && activation_block<block_of<S>>;

/// A layered source: a range of activation sources, one a layer. The tables of one layer live as long as their C++
/// scope, so memory need not hold those of all layers at once.
template <class S>
concept layered_source = std::ranges::input_range<S> && activation_source<std::ranges::range_reference_t<S>>;

/// A source that can pass over its first blocks without computing them.
template <class S>
concept resumable_source = activation_source<S> && requires(S& source, std::uint64_t blocks) {
  source.skip(blocks);
};

/// A callable that yields a block each time it is called, and std::nullopt for ever after the last.
template <class Next>
concept block_generator = std::invocable<Next&> && requires(Next& next) {
  {*next()};
  { next().has_value() } -> std::convertible_to<bool>;
  requires activation_block<typename std::invoke_result_t<Next&>::value_type>;
};

/// An activation source from a callable: `generated_source blocks{[&]() -> std::optional<census::block> { ... }};`
template <block_generator Next>
class generated_source : public generated_range<Next> {
 public:
  explicit generated_source(Next next) : generated_range<Next>(std::move(next)) {}

  /// Passes over the next `blocks` blocks without computing them, where the callable can.
  void skip(std::uint64_t blocks) requires requires(Next& next) { next.skip(blocks); }
  {
    auto& here = this->at();
    if (blocks > 0 && !here.pending && here.current) {  // one was looked at already
      here.go_on();
      --blocks;
    }
    here.next.skip(blocks);
  }
};

}  // namespace census
