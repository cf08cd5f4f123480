// SPDX-License-Identifier: MIT
#pragma once

#include <census/uint128.hpp>

#include <cstdint>

namespace census {

/// A number whose bits look random and hang on all bits of `number`; no two numbers give the same. For choices that
/// must be the same in every run. Source: SplitMix64 (Steele, Lea, Flood 2014), its finisher after Stafford's
/// variant 13.
constexpr std::uint64_t splitmix64(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

/// A number below `bound` from splitmix64 bits, each as likely as the other to within bound / 2^64.
constexpr std::uint64_t bounded(std::uint64_t bits, std::uint64_t bound) {
  return static_cast<std::uint64_t>(uint128{bits} * bound >> 64);
}

}  // namespace census
