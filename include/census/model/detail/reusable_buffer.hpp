// SPDX-License-Identifier: MIT
#pragma once

#include <census/sole_owner.hpp>

#include <cstddef>
#include <memory>

namespace census::detail {

/// One buffer that is used again once nobody else holds it, so that a loop over blocks asks for memory once.
template <class T>
class reusable_buffer {
 public:
  template <class Make>
  std::shared_ptr<T[]> take(std::size_t count, Make make) {
    if (count > capacity_ || !is_sole_owner(held_)) {
      held_.reset();
      held_ = make(capacity_ = count);
    }
    return held_;
  }

 private:
  std::shared_ptr<T[]> held_;
  std::size_t capacity_ = 0;
};

}  // namespace census::detail
