// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace census {

/// When each neuron of a layer first fired, with the documents shuffled: a document's place is its splitmix64 number
/// (census/splitmix64.hpp), so that domains are mixed and the order in which they were read does not matter.
struct first_firing_record {
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  struct document {
    std::uint64_t place, tokens;  ///< tokens with BOS
    friend bool operator==(document const&, document const&) = default;
  };
  std::vector<document> documents;  ///< all that were read, ascending by place
  std::vector<std::array<std::uint64_t, 3>>
      first_documents;  ///< [neuron]: the first three places where it fired, ascending

  friend bool operator==(first_firing_record const&, first_firing_record const&) = default;
};

/// In how many documents a neuron fired: 0, 1, 2, or 3 for more.
inline std::size_t documents_fired_in(std::array<std::uint64_t, 3> const& places) {
  return static_cast<std::size_t>(std::ranges::find(places, first_firing_record::never) - places.begin());
}

/// Whether a layer's dead neurons are dead, or the text is too short (paper, section 3).
struct unseen_estimate {
  std::uint64_t documents = 0;        ///< m
  std::uint64_t dead = 0;             ///< neurons that fired in none of them,
  std::uint64_t once = 0, twice = 0;  ///< in one only, Q1, and in two, Q2
  double next_document = 0;           ///< Q1/m: how many dead neurons another document wakes, on average (Good-Turing)
  /// On average at least so many would ever wake: (m−1)/m · Q1²/(2·Q2), at most the dead.
  double still_to_wake = 0;
  /// Chao's standard error of that, before it is held to at most the dead: how far it typically lies from the number
  /// whose lower bound it is, by chance alone.
  double still_to_wake_error = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("documents", documents)("dead", dead)("once", once)("twice", twice)("next_document", next_document);
    archive("still_to_wake", still_to_wake)("still_to_wake_error", still_to_wake_error);
  }
};

namespace detail {

/// Chao's variance of the number of neurons that wake ever, and so of how many are left, from Q1 and Q2 of m documents
/// of which `seen` neurons fired in some (Chao 1987; where Q2 = 0, the form for his bias-corrected estimate).
inline double variance_of_unseen(double once, double twice, double documents, double seen) {
  double const a = (documents - 1) / documents;
  if (twice > 0) {
    double const t = once / twice;
    return twice * (a * t * t / 2 + a * a * t * t * t + a * a * t * t * t * t / 4);
  }
  double const unseen = a * once * (once - 1) / 2, of_all = seen + unseen;
  if (of_all == 0) return 0;
  return std::max(0.0, unseen + a * a * once * (2 * once - 1) * (2 * once - 1) / 4 -
                           a * a * once * once * once * once / (4 * of_all));
}

}  // namespace detail

/// The estimate from a layer's record. Where Q2 = 0, Q1(Q1−1)/2 stands for Q1²/(2·Q2). Documents count as drawn
/// independently from the texts one has in mind; the bound holds on average over such draws, not for each (Chao 1987).
inline unseen_estimate estimate_unseen(first_firing_record const& record) {
  unseen_estimate found;
  found.documents = record.documents.size();
  for (auto const& places : record.first_documents) {
    std::size_t const times = documents_fired_in(places);
    found.dead += times == 0, found.once += times == 1, found.twice += times == 2;
  }
  if (found.documents == 0) return found;
  auto const m = static_cast<double>(found.documents), once = static_cast<double>(found.once),
             twice = static_cast<double>(found.twice);
  found.next_document = once / m;
  double const unseen = found.twice > 0 ? once * once / (2 * twice) : once * std::max(0.0, once - 1) / 2;
  found.still_to_wake = std::min(static_cast<double>(found.dead), (m - 1) / m * unseen);
  auto const seen = static_cast<double>(record.first_documents.size() - found.dead);
  found.still_to_wake_error = std::sqrt(detail::variance_of_unseen(once, twice, m, seen));
  return found;
}

/// A point of the curve of dead neurons against text.
struct dead_share_point {
  std::uint64_t documents, tokens;
  double dead_share;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("documents", documents)("tokens", tokens)("dead_share", dead_share);
  }
};

/// The share of dead neurons after the first so many of the shuffled documents: each up to 8, then in steps of about an
/// eighth, and the last is all of them. Empty without documents; NaN without neurons.
inline std::vector<dead_share_point> dead_share_curve(first_firing_record const& record) {
  std::vector<std::uint64_t> first;
  for (auto const& places : record.first_documents) first.push_back(places[0]);
  std::ranges::sort(first);
  std::vector<dead_share_point> curve;
  std::uint64_t tokens = 0, next = 1;
  for (std::size_t i = 0; i < record.documents.size(); ++i) {
    tokens += record.documents[i].tokens;
    std::uint64_t const read = i + 1;
    if (read < next && read < record.documents.size()) continue;
    auto const woken = std::ranges::upper_bound(first, record.documents[i].place) - first.begin();
    auto const neurons = static_cast<double>(first.size());
    curve.push_back({read, tokens, (neurons - static_cast<double>(woken)) / neurons});
    next = read + std::max<std::uint64_t>(1, read / 8);
  }
  return curve;
}

}  // namespace census
