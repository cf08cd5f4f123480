// SPDX-License-Identifier: MIT
#pragma once

#include <census/simd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace census::detail {

/// Packs `count` values, at most 64, into one word by any predicate. Returns false where a value is NaN; the predicate
/// is not asked about it.
template <class Fires>
bool pack_word(float const* values, std::size_t count, std::uint64_t& word, Fires const& fires) {
  int unordered = 0;
  for (std::size_t n = 0; n < count; ++n) unordered |= values[n] != values[n] ? 1 : 0;
  if (unordered != 0) return false;
  std::array<std::uint32_t, 64> fired{};  // as wide as values, so that the loop vectorises where the predicate does
  for (std::size_t n = 0; n < count; ++n) fired[n] = fires(values[n]) ? 1 : 0;
  word = simd::gather_bits(fired);
  return true;
}

/// Asks for the 64 values that lie 8 KiB ahead, for packing waits for memory alone; in such a way that they do not
/// drive out what the caches hold. There may be none, which does no harm.
inline void prefetch_ahead(float const* values) {
#if defined(__GNUC__)
  auto const ahead = reinterpret_cast<std::uintptr_t>(values) + 8192;
  for (std::uintptr_t line = 0; line < 256; line += 64)
    __builtin_prefetch(reinterpret_cast<void const*>(ahead + line), 0, 0);
#endif
}

/// Packs whole words, 64 values each, by comparing with a threshold. Returns false where a value is NaN.
inline bool pack_words_above(float const* values, std::size_t words, float threshold, std::uint64_t* packed) {
  simd::float_comparison comparison(threshold);
  for (std::size_t w = 0; w < words; ++w, values += 64) {
    prefetch_ahead(values);
    packed[w] = comparison.above(values);
  }
  return !comparison.met_nan();
}

}  // namespace census::detail
