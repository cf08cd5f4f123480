// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/position_set.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census {

/// How well the active positions of several neurons tell positions apart, P positions in all.
struct position_coding {
  double coverage = 0;          ///< share of positions at which one of them is active
  std::uint32_t redundant = 0;  ///< neurons alone at no more than (P+1)/256 positions
  std::uint32_t codes = 0;      ///< distinct sets of active neurons among the positions
  double information = 0;       ///< nats: ln P - mean over p of ln |positions with p's code|

  template <class Archive>
  void serialize(Archive& archive) {
    archive("coverage", coverage)("redundant", redundant)("codes", codes)("information", information);
  }
  friend bool operator==(position_coding const&, position_coding const&) = default;
};

namespace detail {

/// The code of each position [position], the set of neurons active there, as a number: 0, 1, ... in order of their
/// first positions.
struct position_codes {
  std::vector<std::uint32_t> of;
  std::uint32_t distinct = 0;
};

/// By refinement: one class of positions, split in two by each neuron.
inline position_codes codes_of(std::span<position_set const> active, std::uint32_t positions) {
  constexpr std::uint32_t unseen = ~std::uint32_t{0};
  position_codes codes{std::vector<std::uint32_t>(positions, 0), positions > 0};
  std::vector<std::uint32_t> split;
  for (position_set const& set : active) {
    split.assign(2 * std::size_t{codes.distinct}, unseen);
    codes.distinct = 0;
    for (std::uint32_t p = 0; p < positions; ++p) {
      std::uint32_t& part = split[2 * std::size_t{codes.of[p]} + set.contains(p)];
      if (part == unseen) part = codes.distinct++;
      codes.of[p] = part;
    }
  }
  return codes;
}

/// At how many positions a neuron is active.
inline std::uint32_t positions_covered(std::span<position_set const> active, std::uint32_t positions) {
  std::uint32_t covered = 0;
  for (std::uint32_t p = 0; p < positions; ++p)
    covered += std::ranges::any_of(active, [&](position_set const& set) { return set.contains(p); });
  return covered;
}

/// Whether each neuron is alone at no more than (P+1)/256 positions.
inline std::vector<bool> redundant(std::span<position_set const> active) {
  std::vector<bool> is_redundant;
  if (active.empty()) return is_redundant;
  std::uint32_t const positions = active.front().positions();
  std::vector<std::uint32_t> neurons_at(positions, 0);
  for (position_set const& set : active)
    for (std::uint32_t p = 0; p < positions; ++p) neurons_at[p] += set.contains(p);
  for (position_set const& set : active) {
    std::uint32_t alone = 0;
    for (std::uint32_t p = 0; p < positions; ++p) alone += set.contains(p) && neurons_at[p] == 1;
    is_redundant.push_back(alone * 256 <= positions + 1);
  }
  return is_redundant;
}

}  // namespace detail

/// The coding of neurons by their active positions [neuron], all on the same circle; zeros without any position.
inline position_coding coding_of(std::span<detail::position_set const> active) {
  if (active.empty() || active.front().positions() == 0) return {};
  std::uint32_t const positions = active.front().positions();
  position_coding coding;
  coding.redundant = static_cast<std::uint32_t>(std::ranges::count(detail::redundant(active), true));
  auto const codes = detail::codes_of(active, positions);
  coding.codes = codes.distinct;
  std::vector<std::uint32_t> size(codes.distinct, 0);  // [code]: positions
  for (std::uint32_t const code : codes.of) ++size[code];
  std::ranges::sort(size);  // the same codes give the same bits, whichever comes first
  double const all = positions;
  coding.coverage = detail::positions_covered(active, positions) / all;
  for (std::uint32_t const alike : size) coding.information += alike / all * std::log(all / alike);
  return coding;
}

}  // namespace census
