// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
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
/// A move-only input range, read once. Nothing is computed before it is asked for: `take(2)` calls the callable twice.
template <block_generator Next>
class generated_source {
  struct state;

 public:
  using value_type = typename std::invoke_result_t<Next&>::value_type;

  explicit generated_source(Next next) : state_(std::make_unique<state>(std::move(next))) {}

  class iterator {
   public:
    using value_type = generated_source::value_type;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    value_type const& operator*() const { return *state_->fetched(); }
    iterator& operator++() {
      state_->fetched();
      state_->current.reset();  // the next one is computed when it is looked for, not here
      state_->pending = true;
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& here, std::default_sentinel_t) {
      return !here.state_->fetched().has_value();
    }

   private:
    friend generated_source;
    explicit iterator(state* from) : state_(from) {}
    state* state_ = nullptr;
  };

  iterator begin() { return iterator(state_.get()); }
  std::default_sentinel_t end() const { return {}; }

  /// Passes over the next `blocks` blocks without computing them, where the callable can.
  void skip(std::uint64_t blocks) requires requires(Next& next) { next.skip(blocks); }
  {
    if (blocks > 0 && !state_->pending && state_->current) {  // one was looked at already
      state_->current.reset();
      state_->pending = true;
      --blocks;
    }
    state_->next.skip(blocks);
  }

 private:
  struct state {
    explicit state(Next callable) : next(std::move(callable)) {}
    std::optional<value_type> const& fetched() {
      if (pending) {
        current = next();
        pending = false;
      }
      return current;
    }
    Next next;
    std::optional<value_type> current;
    bool pending = true;
  };
  std::unique_ptr<state> state_;
};

}  // namespace census
