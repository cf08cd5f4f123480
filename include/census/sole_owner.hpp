// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

// g++ and clang tell of ThreadSanitizer each in its own way.
#if defined(__SANITIZE_THREAD__)
#define CENSUS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CENSUS_THREAD_SANITIZER 1
#endif
#endif

namespace census {

/// Whether nobody else holds what this pointer holds. If so, whoever held it last has finished reading, in whatever
/// thread, and it may be written: copies share until one of them writes. Precondition: no other thread copies this very
/// pointer meanwhile.
template <class T>
bool is_sole_owner(std::shared_ptr<T> const& held) {
  if (held.use_count() != 1) return false;
#ifdef CENSUS_THREAD_SANITIZER
  std::shared_ptr<T>(held).reset();  // knows no fences; that the count went down and up again orders the same for it
#else
  std::atomic_thread_fence(std::memory_order_acquire);
#endif
  return true;
}

}  // namespace census
