// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// Seconds by phase: each lap adds what has passed since the one before.
class stopwatch {
 public:
  void lap(std::string_view phase) {
    auto const now = clock::now();
    auto found = std::ranges::find(seconds_, phase, &std::pair<std::string, double>::first);
    if (found == seconds_.end()) found = seconds_.insert(seconds_.end(), {std::string(phase), 0.0});
    found->second += std::chrono::duration<double>(now - last_).count();
    last_ = now;
  }

  /// Phases in the order in which they were first met.
  std::vector<std::pair<std::string, double>> const& seconds() const { return seconds_; }

 private:
  using clock = std::chrono::steady_clock;
  clock::time_point last_ = clock::now();
  std::vector<std::pair<std::string, double>> seconds_;
};

}  // namespace census
