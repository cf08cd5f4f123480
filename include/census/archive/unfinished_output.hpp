// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

namespace census {

namespace detail {

/// All that this process is making, by its path; there as long as the process is, whoever ends first.
struct outputs_in_the_making {
  std::mutex mutex;
  std::set<std::filesystem::path> paths;

  static outputs_in_the_making& all() {
    static auto& outputs = *new outputs_in_the_making;
    return outputs;
  }
};

}  // namespace detail

/// A file or folder in the making: it lies beside its place under a name of its own, and goes with the object unless
/// finish() gave it its place before. A signal ends a program without that; what is to go then, too, goes by
/// remove_unfinished_outputs().
class unfinished_output {
 public:
  /// make() makes the file or folder, if it can, and returns its path.
  template <std::invocable Make>
  explicit unfinished_output(Make&& make) {
    std::scoped_lock const alone(all().mutex);
    path_ = std::forward<Make>(make)();
    all().paths.insert(path_);
  }
  unfinished_output(unfinished_output const&) = delete;
  unfinished_output& operator=(unfinished_output const&) = delete;
  ~unfinished_output() {
    std::scoped_lock const alone(all().mutex);
    if (all().paths.erase(path_) == 0) return;
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path const& path() const { return path_; }

  /// Calls act(), which makes something in the folder; nothing is removed meanwhile.
  template <std::invocable Act>
  void change(Act&& act) {
    std::scoped_lock const alone(all().mutex);
    std::forward<Act>(act)();
  }

  /// Calls put(), which puts it in its place; where that throws, it is unfinished as before.
  template <std::invocable Put>
  void finish(Put&& put) {
    std::scoped_lock const alone(all().mutex);
    std::forward<Put>(put)();
    all().paths.erase(path_);
  }

 private:
  static detail::outputs_in_the_making& all() { return detail::outputs_in_the_making::all(); }

  std::filesystem::path path_;
};

/// Removes what this process is making, for a program that is ended by a signal: call it on a thread that waits for
/// signals (interrupts), not in a handler, and end the process next. From here on nothing is made or put in its place:
/// a thread that tries to waits for the end.
inline void remove_unfinished_outputs() {
  auto& all = detail::outputs_in_the_making::all();
  all.mutex.lock();
  std::error_code ignored;
  for (auto const& path : all.paths) std::filesystem::remove_all(path, ignored);
}

}  // namespace census
