// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/source.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace census {

/// Runs texts through the layers of a model, one layer after the other from layer 0 on; `generated_layers` makes a
/// layered source of it.
///  - `p.first_layer()`, `p.last_layer()`   layers first .. last - 1 are asked for; those before are on the way;
///  - `p.begin_layer(number)`  called with 0, 1, ... (from another layer on where a pass is taken up again), each when
///  the
///                            one before is complete;
///  - `p.next_block()`         the next block of the layer begun last, as a std::optional; nothing behind the last one;
///  - `p.complete_layer()`     runs what is left of that layer, without blocks.
template <class P>
concept layer_by_layer = requires(P& p, std::size_t number) {
  { p.first_layer() } -> std::convertible_to<std::size_t>;
  { p.last_layer() } -> std::convertible_to<std::size_t>;
  p.begin_layer(number);
  requires activation_block<typename decltype(p.next_block())::value_type>;
  p.complete_layer();
};

/// A layered source of what runs layer by layer, read once; std::logic_error where it is asked again after its end. A
/// layer begins when it is looked for; one whose source is not read to its end is completed then, without blocks.
/// References to a layer's source and its iterators end there; a source that was moved out has no blocks after that.
template <layer_by_layer Pass>
class generated_layers {
  struct state;

  struct next_block {
    std::weak_ptr<state> from;  // the state holds the source that holds this
    std::size_t layer;
    auto operator()() const -> decltype(std::declval<Pass&>().next_block()) {
      auto const here = from.lock();
      if (here == nullptr || here->layer() != layer) return std::nullopt;
      return here->pass.next_block();
    }
  };

 public:
  using layer_source = generated_source<next_block>;

  /// A Pass is made of the arguments, where it then stays.
  template <class... Arguments>
  explicit generated_layers(std::in_place_t, Arguments&&... arguments)
      : state_(std::make_shared<state>(std::forward<Arguments>(arguments)...)) {}

  class iterator {
   public:
    using value_type = layer_source;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    layer_source& operator*() const { return *state_->fetched(state_); }
    iterator& operator++() {
      state_->fetched(state_);
      state_->pending = true;  // the rest of this layer is computed when the next is looked for, not here
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& here, std::default_sentinel_t) { return !here.state_->fetched(here.state_); }

   private:
    friend generated_layers;
    explicit iterator(std::shared_ptr<state> from) : state_(std::move(from)) {}
    std::shared_ptr<state> state_;
  };

  iterator begin() {
    if (!state_->pending && !state_->current)
      throw std::logic_error("census: these layers were read to their end; they can be read once, make them anew");
    return iterator(state_);
  }
  std::default_sentinel_t end() const { return {}; }

 protected:
  Pass const& pass() const { return state_->pass; }
  Pass& pass() { return state_->pass; }

  /// Before anything is read: the first layer to begin, where those before it were gone through by a pass before.
  void begin_at(std::size_t layer) { state_->next_layer = layer; }

 private:
  struct state {
    template <class... Arguments>
    explicit state(Arguments&&... arguments) : pass(std::forward<Arguments>(arguments)...) {}

    std::size_t layer() const { return next_layer - 1; }

    // The source of the layer at hand; behind the last one, nothing.
    std::optional<layer_source>& fetched(std::shared_ptr<state> const& self) {
      if (!pending) return current;
      current.reset();
      while (!current && next_layer < pass.last_layer()) {
        if (begun) pass.complete_layer();
        pass.begin_layer(next_layer);
        begun = true;
        ++next_layer;
        if (layer() >= pass.first_layer()) current.emplace(next_block{self, layer()});
      }
      pending = false;
      return current;
    }

    Pass pass;
    std::size_t next_layer = 0;  // to begin
    bool begun = false;          // whether a layer was
    bool pending = true;         // whether the next layer is yet to be looked for
    std::optional<layer_source> current;
  };

  std::shared_ptr<state> state_;
};

}  // namespace census
