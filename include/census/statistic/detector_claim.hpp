// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/clopper_pearson.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/ratio.hpp>
#include <census/statistic/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// How often a key occurred, and a neuron fired there, in either half of the documents: keys are chosen on the first
/// and tested on the second.
struct key_in_halves {
  struct counts {
    std::uint64_t firings = 0, occurrences = 0;
  };
  counts chosen_on, tested_on;
};

/// What the first half makes one claim of a neuron, for the second to test:
///  - yes: it fires on each of `keys`, at most rule.cover_at_most of them, at a rate that suffices, and they hold
///    enough of its firings, so that it is a detector whatever else it fires on;
///  - no, by its cover: `keys`, its top ones, hold too few of its firings;
///  - no, by its rates: on each of `keys` its rate is too low, and they hold too many of its firings.
struct detector_claim {
  census::verdict verdict = census::verdict::undecided;  ///< undecided: no claim
  bool by_cover = false;
  std::vector<std::uint32_t> keys;  ///< indices
};

namespace detail {

/// The tests of the claims, on either half: bounds that each err with probability `error`.
class claim_test {
 public:
  claim_test(std::span<key_in_halves const> keys, key_in_halves::counts key_in_halves::*half, detector_rule const& rule,
             double error)
      : keys_(keys), half_(half), rule_(rule), error_(error) {
    for (std::uint32_t key = 0; key < keys.size(); ++key) firings_ += at(key).firings;
  }

  key_in_halves::counts const& at(std::uint32_t key) const { return keys_[key].*half_; }

  /// The keys at which the neuron fired most, as many as may cover it.
  std::vector<std::uint32_t> top_keys() const {
    std::vector<std::uint32_t> top;
    for (std::uint32_t key = 0; key < keys_.size(); ++key)
      if (at(key).firings > 0) top.push_back(key);
    auto const end = top.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rule_.cover_at_most, top.size()));
    std::ranges::partial_sort(top, end, [&](std::uint32_t a, std::uint32_t b) {
      return at(a).firings != at(b).firings ? at(a).firings > at(b).firings : a < b;
    });
    top.erase(end, top.end());
    return top;
  }

  bool fires_enough(std::uint32_t key) const {
    return at_least(at(key).firings, at(key).occurrences, rule_.fires_on) &&
           clopper_pearson_lower(at(key).firings, at(key).occurrences, error_) >= rule_.fires_on.value();
  }
  bool fires_too_little(std::uint32_t key) const {
    return !at_least(at(key).firings, at(key).occurrences, rule_.fires_on) &&
           clopper_pearson_upper(at(key).firings, at(key).occurrences, error_) < rule_.fires_on.value();
  }
  bool hold_enough(std::span<std::uint32_t const> keys) const {
    double const least = std::max(rule_.covered.value(), rule_.explained.value());
    return clopper_pearson_lower(held(keys), firings_, error_) >= least;
  }
  bool hold_too_little(std::span<std::uint32_t const> keys) const {
    return clopper_pearson_upper(held(keys), firings_, error_) < rule_.covered.value();
  }
  bool leave_too_little(std::span<std::uint32_t const> keys) const {
    return clopper_pearson_upper(firings_ - held(keys), firings_, error_) < rule_.explained.value();
  }

  bool holds(detector_claim const& claim) const {
    if (claim.verdict == verdict::yes)
      return hold_enough(claim.keys) &&
             std::ranges::all_of(claim.keys, [&](std::uint32_t key) { return fires_enough(key); });
    if (claim.by_cover) return hold_too_little(claim.keys);
    return leave_too_little(claim.keys) &&
           std::ranges::all_of(claim.keys, [&](std::uint32_t key) { return fires_too_little(key); });
  }

 private:
  std::uint64_t held(std::span<std::uint32_t const> keys) const {
    std::uint64_t sum = 0;
    for (std::uint32_t const key : keys) sum += at(key).firings;
    return sum;
  }

  std::span<key_in_halves const> keys_;
  key_in_halves::counts key_in_halves::*half_;
  detector_rule const& rule_;
  double error_;
  std::uint64_t firings_ = 0;
};

}  // namespace detail

/// The claim that a neuron's counts in the first half suggest: the fewest keys for which the same bounds, at `error`,
/// hold there. The second half is not looked at. `keys` are all at which it fired.
inline detector_claim claim_on_first_half(std::span<key_in_halves const> keys, detector_rule const& rule = {},
                                          double error = 0.05) {
  detail::claim_test const first(keys, &key_in_halves::chosen_on, rule, error);
  auto top = first.top_keys();
  if (!top.empty() && first.hold_too_little(top)) return {verdict::no, true, std::move(top)};
  std::vector<std::uint32_t> enough, too_little;
  for (std::uint32_t const key : top) {
    if (first.fires_enough(key)) {
      enough.push_back(key);
      if (first.hold_enough(enough)) return {verdict::yes, false, std::move(enough)};
    } else if (first.fires_too_little(key)) {
      too_little.push_back(key);
      if (first.leave_too_little(too_little)) return {verdict::no, false, std::move(too_little)};
    }
  }
  return {};
}

/// The claim's verdict where the second half bears it out, else undecided. A false verdict has probability at most
/// `error`, for all of the claim's bounds must hold and one of them would be wrong; occurrences count as independent
/// draws, so a neuron whose misses come by the document is judged too readily.
inline verdict test_on_second_half(detector_claim const& claim, std::span<key_in_halves const> keys,
                                   detector_rule const& rule, double error) {
  if (claim.verdict == verdict::undecided) return claim.verdict;
  detail::claim_test const second(keys, &key_in_halves::tested_on, rule, error);
  return second.holds(claim) ? claim.verdict : verdict::undecided;
}

}  // namespace census
