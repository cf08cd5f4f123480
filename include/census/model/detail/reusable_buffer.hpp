// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace census::detail {

/// One buffer that is used again once nobody else holds it, so that a loop over blocks asks for memory once.
template <class T>
class reusable_buffer {
 public:
  template <class Make>
  std::shared_ptr<T[]> take(std::size_t count, Make make) {
    if (count > capacity_ || held_.use_count() != 1) {
      held_.reset();
      held_ = make(capacity_ = count);
    }
    std::atomic_thread_fence(std::memory_order_acquire);  // whoever let go of it last has finished reading
    return held_;
  }

 private:
  std::shared_ptr<T[]> held_;
  std::size_t capacity_ = 0;
};

}  // namespace census::detail
