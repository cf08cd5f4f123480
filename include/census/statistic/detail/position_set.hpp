// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace census::detail {

/// A set of positions 0 .. positions-1 on a circle, as bits.
class position_set {
 public:
  explicit position_set(std::uint32_t positions = 0) : positions_(positions), words_((positions + 63) / 64) {}

  std::uint32_t positions() const { return positions_; }

  /// Adds first .. last-1.
  void add(std::uint32_t first, std::uint32_t last) {
    for (std::uint32_t p = first; p < last; ++p) words_[p / 64] |= std::uint64_t{1} << p % 64;
  }

  bool contains(std::uint32_t p) const { return words_[p / 64] >> p % 64 & 1; }

  std::uint32_t size() const {
    int bits = 0;
    for (std::uint64_t const word : words_) bits += std::popcount(word);
    return static_cast<std::uint32_t>(bits);
  }

  /// How many positions are in both. Precondition: the same circle.
  std::uint32_t shared_with(position_set const& other) const {
    int bits = 0;
    for (std::size_t w = 0; w < words_.size(); ++w) bits += std::popcount(words_[w] & other.words_[w]);
    return static_cast<std::uint32_t>(bits);
  }

  /// The set moved on by `shift` positions around the circle. Precondition: shift < positions().
  position_set shifted(std::uint32_t shift) const {
    position_set moved(positions_);
    moved.take(*this, 0, positions_ - shift, shift);
    moved.take(*this, positions_ - shift, positions_, 0);
    return moved;
  }

  friend bool operator==(position_set const&, position_set const&) = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("positions", positions_)("words", words_);
    if (words_.size() != (std::size_t{positions_} + 63) / 64)
      throw std::invalid_argument("census::position_set: not a bit for each position");
  }

 private:
  /// Adds what `from` holds of first .. last-1, moved to begin at `to`.
  void take(position_set const& from, std::uint32_t first, std::uint32_t last, std::uint32_t to) {
    while (first < last) {  // up to the end of a word on either side
      std::uint32_t const bits = std::min({last - first, 64 - first % 64, 64 - to % 64});
      std::uint64_t const mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
      words_[to / 64] |= (from.words_[first / 64] >> first % 64 & mask) << to % 64;
      first += bits;
      to += bits;
    }
  }

  std::uint32_t positions_;
  std::vector<std::uint64_t> words_;
};

}  // namespace census::detail
