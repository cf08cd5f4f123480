// SPDX-License-Identifier: MIT
// Test only.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define CENSUS_FIBERS_TELL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CENSUS_FIBERS_TELL_ASAN 1
#endif
#endif
#if defined(CENSUS_FIBERS_TELL_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif

namespace cuda_on_cpu {

/// A function that can be left in its midst and gone on with later: it has a stack of its own. Used for one body after
/// another, so that a launch makes no stacks anew.
///
/// The first entry goes through <ucontext.h>, each later switch through the compiler's own setjmp and longjmp, which
/// are some fifty times faster, for they make no system call.
class fiber {
 public:
  fiber() = default;
  fiber(fiber const&) = delete;
  fiber& operator=(fiber const&) = delete;

  /// The next body; it starts at the next resume(). Precondition: the one before has ended.
  void take(std::function<void()> const& body) {
    body_ = &body;
    ended_ = false;
  }

  /// Runs the body until it pauses or ends. Throws what the body throws.
  void resume() {
#if defined(CENSUS_FIBERS_TELL_ASAN)
    void* outside_stack = nullptr;
    __sanitizer_start_switch_fiber(&outside_stack, stack_.get(), stack_bytes);
#endif
    switch_in();
#if defined(CENSUS_FIBERS_TELL_ASAN)
    __sanitizer_finish_switch_fiber(outside_stack, nullptr, nullptr);
#endif
    if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  /// Called in the body: goes back to who resumed it.
  void pause() {
#if defined(CENSUS_FIBERS_TELL_ASAN)
    void* inside_stack = nullptr;
    __sanitizer_start_switch_fiber(&inside_stack, outside_bottom_, outside_size_);
#endif
    switch_out();
#if defined(CENSUS_FIBERS_TELL_ASAN)
    __sanitizer_finish_switch_fiber(inside_stack, &outside_bottom_, &outside_size_);
#endif
  }

  bool ended() const { return ended_; }

 private:
  static constexpr std::size_t stack_bytes = std::size_t{128} << 10;

  [[gnu::noinline, gnu::no_sanitize_address]] void switch_in() {
    if (__builtin_setjmp(outside_) != 0) return;
    if (started_) jump(inside_);
    started_ = true;
    getcontext(&context_);
    context_.uc_stack.ss_sp = stack_.get();
    context_.uc_stack.ss_size = stack_bytes;
    context_.uc_link = nullptr;
    entered_ = this;
    makecontext(&context_, &fiber::enter, 0);
    setcontext(&context_);
  }

  [[gnu::noinline, gnu::no_sanitize_address]] void switch_out() {
    if (__builtin_setjmp(inside_) == 0) jump(outside_);
  }

  [[gnu::noinline, gnu::no_sanitize_address]] static void jump(void** to) { __builtin_longjmp(to, 1); }

  static void enter() {
    fiber& self = *entered_;
#if defined(CENSUS_FIBERS_TELL_ASAN)
    __sanitizer_finish_switch_fiber(nullptr, &self.outside_bottom_, &self.outside_size_);
#endif
    while (true) {
      self.run();
      self.pause();
    }
  }

  void run() {
    try {
      (*body_)();
    } catch (...) {
      failure_ = std::current_exception();
    }
    ended_ = true;
  }

  static inline fiber* entered_ = nullptr;

  std::unique_ptr<char[]> stack_{new char[stack_bytes]};
  std::function<void()> const* body_ = nullptr;
  ucontext_t context_{};
  void* inside_[5] = {};
  void* outside_[5] = {};
  bool started_ = false, ended_ = true;
  std::exception_ptr failure_;
#if defined(CENSUS_FIBERS_TELL_ASAN)
  void const* outside_bottom_ = nullptr;
  std::size_t outside_size_ = 0;
#endif
};

}  // namespace cuda_on_cpu
