// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_place.hpp>
#include <census/splitmix64.hpp>
#include <census/statistic/activation_example.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace census::detail {

/// Ranks firings, the largest value first. No two values share a rank, but 0 and −0.
struct rank_by_value {
  static std::uint64_t of(float value, text_place const&) {
    auto const bits = std::bit_cast<std::uint32_t>(value + 0.0f);
    constexpr std::uint32_t sign = std::uint32_t{1} << 31;
    return (bits & sign) != 0 ? bits : ~bits & ~sign;
  }
};

/// Ranks firings by a hash of their places. Of some firings, those that come first are a sample in which each is as
/// likely as another; which they are depends on nothing but the places.
struct rank_by_lot {
  static std::uint64_t of(float, text_place const& place) {
    return splitmix64(place.document ^ splitmix64(std::uint64_t{place.piece} << 32 | place.position));
  }
};

/// A firing among others: by its rank, of equals by its place.
struct ranked_place {
  std::uint64_t rank;
  text_place place;
  friend auto operator<=>(ranked_place const&, ranked_place const&) = default;
};

template <class Rank>
ranked_place ranked(activation_example const& example) {
  return {Rank::of(example.value, example.place), example.place};
}

/// Whether one that is ranked so belongs to the first `count`, of which `kept` are those that are known, in order.
template <class Rank>
bool belongs_to_first(ranked_place const& one, std::vector<activation_example> const& kept, std::size_t count) {
  return kept.size() < count || (count > 0 && one < ranked<Rank>(kept.back()));
}

/// Puts an example in its place among the first `count`: fill(example) makes it of one that goes, or of an empty one.
/// Precondition: it belongs to them.
template <class Rank, class Fill>
void insert_ranked(std::vector<activation_example>& kept, std::size_t count, Fill const& fill) {
  if (kept.size() == kept.capacity())  // never more than `count`, of which many neurons have fewer
    kept.reserve(std::min(count, std::max<std::size_t>(16, 2 * kept.size())));
  if (kept.size() < count) kept.emplace_back();
  fill(kept.back());
  auto const last = kept.end() - 1;
  auto const place = std::upper_bound(
      kept.begin(), last, ranked<Rank>(*last),
      [](ranked_place const& one, activation_example const& other) { return one < ranked<Rank>(other); });
  activation_example one = std::move(*last);
  std::move_backward(place, last, kept.end());
  *place = std::move(one);
}

/// The first `count` of both, in order.
template <class Rank>
void merge_ranked(std::vector<activation_example>& mine, std::vector<activation_example> const& theirs,
                  std::size_t count) {
  for (activation_example const& example : theirs) {
    if (!belongs_to_first<Rank>(ranked<Rank>(example), mine, count)) return;
    insert_ranked<Rank>(mine, count, [&](activation_example& into) { into = example; });
  }
}

/// Whether examples are in order.
template <class Rank>
bool are_ranked(std::vector<activation_example> const& kept) {
  return std::is_sorted(kept.begin(), kept.end(), [](activation_example const& a, activation_example const& b) {
    return ranked<Rank>(a) < ranked<Rank>(b);
  });
}

}  // namespace census::detail
