// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace census {

/// The elements that a callable gives, one each time it is called, until it gives std::nullopt: a move-only input
/// range, read once. Nothing is computed before it is asked for: `take(2)` calls the callable twice. An element goes
/// when the next one is looked for.
template <class Next>
class generated_range {
 public:
  using value_type = typename std::invoke_result_t<Next&>::value_type;

  explicit generated_range(Next next) : state_(std::make_unique<state>(std::move(next))) {}

  class iterator;
  iterator begin() { return iterator(state_.get()); }
  std::default_sentinel_t end() const { return {}; }

 protected:
  struct state {
    explicit state(Next callable) : next(std::move(callable)) {}
    std::optional<value_type>& fetched() {
      if (pending) {
        current = next();
        pending = false;
      }
      return current;
    }
    void go_on() {
      fetched();
      current.reset();  // the next one is computed when it is looked for, not here
      pending = true;
    }
    Next next;
    std::optional<value_type> current;
    bool pending = true;
  };

  state& at() { return *state_; }
  state const& at() const { return *state_; }

 private:
  std::unique_ptr<state> state_;
};

template <class Next>
class generated_range<Next>::iterator {
 public:
  using value_type = generated_range::value_type;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  iterator() = default;
  value_type& operator*() const { return *state_->fetched(); }
  iterator& operator++() { return state_->go_on(), *this; }
  void operator++(int) { ++*this; }
  friend bool operator==(iterator const& here, std::default_sentinel_t) { return !here.state_->fetched().has_value(); }

 private:
  friend generated_range;
  explicit iterator(state* from) : state_(from) {}
  state* state_ = nullptr;
};

}  // namespace census
