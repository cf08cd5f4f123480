// SPDX-License-Identifier: MIT
#include <fuzz/support/ensure.hpp>
#include <fuzz/support/run_body.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

// Of the sanitizer's <sanitizer/allocator_interface.h>, which g++ does not bring.
extern "C" {
int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(void const volatile*, std::size_t),
                                              void (*on_free)(void const volatile*));
std::size_t __sanitizer_get_allocated_size(void const volatile*);
}

namespace census_fuzz {

namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();
std::atomic<std::int64_t> allocated = 0, limit = no_limit;  // bytes

void count_allocation(void const volatile*, std::size_t size) {
  auto const now = allocated += static_cast<std::int64_t>(size);
  if (now <= limit) return;
  limit = no_limit;  // what is said of it may allocate
  ensure(false, "at most 64 MiB beyond the input's size are allocated at once");
}

void count_release(void const volatile* start) {
  allocated -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(start));
}

}  // namespace

void run_body(fuzz_body body, std::span<std::byte const> input) {
  static bool const is_counting = __sanitizer_install_malloc_and_free_hooks(count_allocation, count_release) != 0;
  ensure(is_counting, "the sanitizer lets allocations be counted");
  limit = allocated + static_cast<std::int64_t>(most_allocated + input.size());
  body(input);
  limit = no_limit;
}

}  // namespace census_fuzz
