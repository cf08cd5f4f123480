// SPDX-License-Identifier: MIT
// Synthetic neurons whose dependence on position is known: what positional types are judged by.
#pragma once

#include <census/statistic/positional_type.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace census_test {

/// A pattern: the chance to fire by position p = 1 .. T-1 of T; 0 and 1 stand for the levels of the noise.
struct position_pattern {
  std::string name;
  census::positional_type type;
  std::function<double(std::uint32_t p, std::uint32_t context)> rate;
};

inline std::vector<position_pattern> position_patterns() {
  using enum census::positional_type;
  auto const along = [](auto rate) {  // by x = p / T
    return [rate](std::uint32_t p, std::uint32_t context) { return double(rate(double(p) / context)); };
  };
  auto const wave = [](double periods, double duty) {
    return [periods, duty](double x) { return x * periods - std::floor(x * periods) < duty ? 1.0 : 0.0; };
  };
  auto const wave_of = [](std::uint32_t period, std::uint32_t high) {
    return [period, high](std::uint32_t p, std::uint32_t) { return p % period < high ? 1.0 : 0.0; };
  };
  double const pi = std::acos(-1.0);
  return {
      {"silent, then half of the time", one_extreme, along([](double x) { return x < 0.5 ? 0 : 0.5; })},
      {"always, then now and then", one_extreme, along([](double x) { return x < 0.3 ? 1 : 0.4; })},
      {"a silent window", one_extreme, along([](double x) { return x < 0.4 || x >= 0.6 ? 0.5 : 0; })},
      {"a window of firing", one_extreme, along([](double x) { return x < 0.7 || x >= 0.8 ? 0.4 : 1; })},
      {"a spike of max(2, T/512) positions", one_extreme,
       [](std::uint32_t p, std::uint32_t t) { return p >= t / 3 && p < t / 3 + std::max(2u, t / 512) ? 1.0 : 0.0; }},
      {"ramp from 0 to 1/2", one_extreme, along([](double x) { return x / 2; })},
      {"a low hill", one_extreme, along([](double x) { return 0.6 * std::exp(-50 * (x - 0.5) * (x - 0.5)); })},
      {"half line", both_extremes, along([](double x) { return x >= 0.5; })},
      {"half line, falling", both_extremes, along([](double x) { return x < 0.4; })},
      {"early step", both_extremes, along([](double x) { return x >= 0.06; })},
      {"late step", both_extremes, along([](double x) { return x >= 0.94; })},
      {"window", both_extremes, along([](double x) { return x >= 0.3 && x < 0.5; })},
      {"gap", both_extremes, along([](double x) { return x < 0.6 || x >= 0.7; })},
      {"window of T/32 positions", both_extremes,
       [](std::uint32_t p, std::uint32_t t) { return p >= t / 2 && p < t / 2 + t / 32 ? 1.0 : 0.0; }},
      {"step over a middle level", both_extremes, along([](double x) { return x < 0.4   ? 0
                                                                              : x < 0.6 ? 0.5
                                                                                        : 1; })},
      {"ramp from 0 to 1", both_extremes, along([](double x) { return x; })},
      {"triangle", both_extremes, along([](double x) { return 1 - std::abs(2 * x - 1); })},
      {"S curve", both_extremes, along([](double x) { return 1 / (1 + std::exp(-20 * (x - 0.5))); })},
      {"wave, 2 periods", oscillatory, along(wave(2, 0.5))},
      {"wave, 4 periods", oscillatory, along(wave(4, 0.5))},
      {"wave, 16 periods", oscillatory, along(wave(16, 0.5))},
      {"wave, 8 periods, duty 1/4", oscillatory, along(wave(8, 0.25))},
      {"wave, 8 periods, duty 3/4", oscillatory, along(wave(8, 0.75))},
      {"wave of 16 positions", oscillatory, wave_of(16, 8)},
      {"wave of 16 positions, duty 1/4", oscillatory, wave_of(16, 4)},
      {"wave of 4 positions", oscillatory, wave_of(4, 2)},
      {"slowing wave", oscillatory, along([wave](double x) { return wave(1, 0.5)(10 * std::sqrt(x)); })},
      {"wave that stops", oscillatory, along([wave](double x) { return x < 0.5 ? wave(8, 0.5)(x) : 0.0; })},
      {"sine of full swing, 4 periods", oscillatory,
       along([pi](double x) { return 0.5 - 0.5 * std::cos(8 * pi * x); })},
      {"sine between 0.3 and 0.7", other, along([pi](double x) { return 0.5 + 0.2 * std::sin(4 * pi * x); })},
      {"ramp from 0.2 to 0.8", other, along([](double x) { return 0.2 + 0.6 * x; })},
      {"wave between 0.3 and 0.7", other, along([wave](double x) { return 0.3 + 0.4 * wave(8, 0.5)(x); })},
      {"step from 0.2 to 0.7", other, along([](double x) { return x < 0.5 ? 0.2 : 0.7; })},
  };
}

/// How sequences differ from the pattern.
enum class pattern_noise { independent, by_sequence, bursts };

/// Counts [position] from 1 on of a pattern in `sequences` sequences of `context`. Where the pattern says 0 or 1, a
/// token does otherwise with a chance of 3 %: each for itself; each with its sequence's own chance, between 0 and 6 %;
/// or in two stretches of T/64 tokens a sequence.
template <class Random>
std::vector<std::uint32_t> noisy_counts(position_pattern const& pattern, std::uint32_t context, std::uint32_t sequences,
                                        pattern_noise noise, Random& random) {
  std::uniform_real_distribution<double> unit;
  std::vector<std::uint32_t> counts(context - 1, 0);
  std::vector<double> rates;
  for (std::uint32_t p = 1; p < context; ++p) rates.push_back(pattern.rate(p, context));
  for (std::uint32_t s = 0; s < sequences; ++s) {
    double const level = noise == pattern_noise::independent   ? 0.03
                         : noise == pattern_noise::by_sequence ? 0.06 * unit(random)
                                                               : 0.0;
    std::uint32_t const length = context / 64;
    std::uint32_t const bursts[] = {static_cast<std::uint32_t>(random() % (context - length)),
                                    static_cast<std::uint32_t>(random() % (context - length))};
    for (std::uint32_t i = 0; i + 1 < context; ++i) {
      double rate = std::clamp(rates[i], level, 1 - level);
      if (noise == pattern_noise::bursts)
        for (std::uint32_t const first : bursts)
          if (i >= first && i < first + length) rate = 1 - rates[i];
      counts[i] += unit(random) < rate;
    }
  }
  return counts;
}

}  // namespace census_test
