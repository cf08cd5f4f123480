// SPDX-License-Identifier: MIT
// A table of measures, each with what is compared and its goal.
#pragma once

#include <census/cuda/detail/stream.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <string>

/// Prints a line a measure, as a table of Markdown, and keeps whether all goals were reached.
class measures {
 public:
  enum class goal { none, at_least, at_most };

  measures() { std::cout << "\n| measure | value | unit | goal |  |\n| --- | --- | --- | --- | --- |\n"; }

  void add(std::string const& what, double value, std::string const& unit, goal is = goal::none, double limit = 0) {
    std::cout << "| " << what << " | " << std::setprecision(3) << value << " | " << unit << " | ";
    if (is != goal::none) {
      bool const reached = is == goal::at_least ? value >= limit : value <= limit;
      std::cout << (is == goal::at_least ? "≥ " : "≤ ") << limit << " | " << (reached ? "holds" : "**falls short**");
      all_reached_ &= reached;
    } else {
      std::cout << " | ";
    }
    std::cout << " |" << std::endl;
  }

  bool all_reached() const { return all_reached_; }

 private:
  bool all_reached_ = true;
};

/// Seconds that a piece of work takes until its stream has done it, the least of five times that each do it `repeats`
/// times; once before, untimed.
template <class Work>
double seconds_of(cudaStream_t stream, std::size_t repeats, Work&& work) {
  work();
  census::cuda::detail::wait_for(stream);
  double least = 1e30;
  for (int time = 0; time < 5; ++time) {
    auto const start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < repeats; ++i) work();
    census::cuda::detail::wait_for(stream);
    std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - start;
    least = std::min(least, taken.count() / static_cast<double>(repeats));
  }
  return least;
}
