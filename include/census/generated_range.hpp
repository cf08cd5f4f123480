// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace census {

/// The elements that a callable gives, one each time it is called, until it gives std::nullopt: a move-only input
/// range, read once. Nothing is computed before it is asked for: `take(2)` calls the callable twice. An element goes
/// when the next one is looked for. What is left after some were read may be read on; one that was read to its end,
/// that failed or was moved from throws std::logic_error when it is asked again, for it would seem to be empty.
template <class Next>
class generated_range {
 public:
  using value_type = typename std::invoke_result_t<Next&>::value_type;

  explicit generated_range(Next next) : state_(std::make_unique<state>(std::move(next))) {}

  class iterator;
  iterator begin() {
    if (state_ == nullptr) throw std::logic_error("census: this source was moved from, so it has nothing to read");
    state_->check_not_failed();
    if (!state_->pending && !state_->current)
      throw std::logic_error(
          "census: this source was read to its end; it can be read once, make it anew to read again");
    return iterator(state_.get());
  }
  std::default_sentinel_t end() const { return {}; }

 protected:
  struct state {
    explicit state(Next callable) : next(std::move(callable)) {}
    std::optional<value_type>& fetched() {
      if (pending) {
        check_not_failed();
        failed = true;  // until it has come
        current = next();
        failed = pending = false;
      }
      return current;
    }
    void check_not_failed() const {
      if (failed) throw std::logic_error("census: this source failed before its end; make it anew to read it again");
    }
    void go_on() {
      fetched();
      current.reset();  // the next one is computed when it is looked for, not here
      pending = true;
    }
    Next next;
    std::optional<value_type> current;
    bool pending = true, failed = false;
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
