// SPDX-License-Identifier: MIT
// A stand-in for the little of oneTBB that census uses, for ThreadSanitizer: distributions' libtbb is not compiled with
// it, so that it sees nothing of how tasks wait for each other, and every parallel loop would look like a race. Here
// each loop starts threads of its own and joins them. They take pieces in any order, by an atomic number that orders
// nothing else: what two pieces of a loop share without care is a race that is seen.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace tbb {

class global_control {
 public:
  enum parameter { max_allowed_parallelism };

  global_control(parameter, std::size_t threads) : before_(limit().exchange(threads)) {}
  ~global_control() { limit() = before_; }
  global_control(global_control const&) = delete;
  global_control& operator=(global_control const&) = delete;

  static std::size_t active_value(parameter) { return limit(); }

 private:
  static std::atomic<std::size_t>& limit() {
    static std::atomic<std::size_t> threads = 4;
    return threads;
  }

  std::size_t before_;
};

class task_arena {
 public:
  explicit task_arena(int threads) : threads_(static_cast<std::size_t>(threads)) {}

  template <class Work>
  void execute(Work const& work) {
    std::size_t const before = std::exchange(of_this_thread(), threads_);
    work();
    of_this_thread() = before;
  }

  /// Threads that a loop of this thread may have, 0 where no arena says.
  static std::size_t& of_this_thread() {
    thread_local std::size_t threads = 0;
    return threads;
  }

 private:
  std::size_t threads_;
};

namespace this_task_arena {
inline int max_concurrency() {
  std::size_t const all = global_control::active_value(global_control::max_allowed_parallelism);
  std::size_t const here = task_arena::of_this_thread();
  return static_cast<int>(here == 0 ? all : std::min(all, here));
}
}  // namespace this_task_arena

template <class T>
class enumerable_thread_specific {
 public:
  /// A thread takes the lock once, so that it does not order the pieces that it takes.
  T& local() {
    thread_local std::map<std::size_t, T*> mine;
    T*& known = mine[number_];
    if (known == nullptr) {
      std::scoped_lock const lock(guard_);
      known = all_.emplace_back(std::make_unique<T>()).get();
    }
    return *known;
  }

 private:
  static std::size_t next_number() {
    static std::atomic<std::size_t> number = 0;
    return number.fetch_add(1, std::memory_order_relaxed);
  }

  std::size_t number_ = next_number();
  std::mutex guard_;
  std::vector<std::unique_ptr<T>> all_;
};

template <class Index>
class blocked_range {
 public:
  blocked_range(Index first, Index last, std::size_t grain = 1) : first_(first), last_(last), grain_(grain) {}

  Index begin() const { return first_; }
  Index end() const { return last_; }
  std::size_t size() const { return static_cast<std::size_t>(last_ - first_); }
  std::size_t pieces() const { return (size() + grain_ - 1) / grain_; }
  blocked_range piece(std::size_t i) const {
    auto const first = first_ + static_cast<Index>(i * grain_);
    return {first, std::min(last_, first + static_cast<Index>(grain_)), grain_};
  }

 private:
  Index first_, last_;
  std::size_t grain_;
};

template <class Index>
class blocked_range2d {
 public:
  blocked_range2d(Index first_row, Index last_row, std::size_t row_grain, Index first_col, Index last_col,
                  std::size_t col_grain)
      : rows_(first_row, last_row, row_grain), cols_(first_col, last_col, col_grain) {}

  blocked_range<Index> const& rows() const { return rows_; }
  blocked_range<Index> const& cols() const { return cols_; }
  std::size_t pieces() const { return rows_.pieces() * cols_.pieces(); }
  blocked_range2d piece(std::size_t i) const {
    return {rows_.piece(i / cols_.pieces()), cols_.piece(i % cols_.pieces())};
  }

 private:
  blocked_range2d(blocked_range<Index> const& rows, blocked_range<Index> const& cols) : rows_(rows), cols_(cols) {}

  blocked_range<Index> rows_, cols_;
};

struct simple_partitioner {};

/// Nothing is cancelled here.
struct task_group_context {
  enum kind_type { isolated };
  explicit task_group_context(kind_type) {}
};
inline bool is_current_task_group_canceling() { return false; }

/// Calls body with every piece of a range, in several threads. Throws what one of them threw, after all have ended.
template <class Range, class Body>
void parallel_for(Range const& range, Body const& body, simple_partitioner, task_group_context&) {
  std::atomic<std::size_t> next = 0;
  std::mutex guard;
  std::exception_ptr thrown;
  auto const take_pieces = [&] {
    for (std::size_t i = 0; (i = next.fetch_add(1, std::memory_order_relaxed)) < range.pieces();) try {
        body(range.piece(i));
      } catch (...) {
        std::scoped_lock const lock(guard);
        if (!thrown) thrown = std::current_exception();
      }
  };
  std::size_t const most = static_cast<std::size_t>(this_task_arena::max_concurrency());
  {
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < std::min(most, range.pieces()); ++t) others.emplace_back(take_pieces);
    take_pieces();
  }
  if (thrown) std::rethrow_exception(thrown);
}

template <class Range, class Body>
void parallel_for(Range const& range, Body const& body, task_group_context& context) {
  parallel_for(range, body, simple_partitioner(), context);
}

/// The same number by number.
template <class Index, class Body>
requires std::is_integral_v<Index>
void parallel_for(Index first, Index last, Body const& body, task_group_context& context) {
  if (first >= last) return;
  parallel_for(
      blocked_range<Index>(first, last), [&](blocked_range<Index> const& one) { body(one.begin()); }, context);
}

}  // namespace tbb
