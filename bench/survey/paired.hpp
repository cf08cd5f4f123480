// SPDX-License-Identifier: MIT
// Two things timed in turns, so that what else the machine does falls on both; ratios are taken pair by pair.
#pragma once

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

/// Seconds by the clock, and of the process's threads together.
struct seconds {
  double clock = 0, cpu = 0;

  static seconds now() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto const in_seconds = [](timeval t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return {std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
            in_seconds(used.ru_utime) + in_seconds(used.ru_stime)};
  }
  seconds operator-(seconds const& other) const { return {clock - other.clock, cpu - other.cpu}; }
  seconds& operator+=(seconds const& other) { return clock += other.clock, cpu += other.cpu, *this; }
};

template <class Work>
seconds timed(Work&& work) {
  auto const start = seconds::now();
  work();
  return seconds::now() - start;
}

/// Median and quartiles.
inline nlohmann::ordered_json spread_of(std::vector<double> values) {
  std::ranges::sort(values);
  auto const at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {{"median", at(0.5)}, {"lower_quartile", at(0.25)}, {"upper_quartile", at(0.75)}};
}

/// Times of two works that take turns and return their seconds, `runs` pairs; which one comes first changes from pair
/// to pair.
struct paired_times {
  std::vector<seconds> first, second;

  template <class First, class Second>
  paired_times(std::size_t runs, First&& one, Second&& other) {
    for (std::size_t run = 0; run < runs; ++run) {
      if (run % 2 == 0) first.push_back(one());
      second.push_back(other());
      if (run % 2 == 1) first.push_back(one());
    }
  }

  /// second / first, pair by pair, and both times.
  nlohmann::ordered_json json(char const* first_name, char const* second_name) const {
    nlohmann::ordered_json all;
    for (auto const part : {&seconds::clock, &seconds::cpu}) {
      std::vector<double> ratios, firsts, seconds_;
      for (std::size_t i = 0; i < first.size(); ++i) {
        ratios.push_back(second[i].*part / first[i].*part);
        firsts.push_back(first[i].*part), seconds_.push_back(second[i].*part);
      }
      all[part == &seconds::clock ? "clock" : "cpu"] = {
          {"ratio", spread_of(ratios)}, {first_name, spread_of(firsts)}, {second_name, spread_of(seconds_)}};
    }
    return all;
  }
};
