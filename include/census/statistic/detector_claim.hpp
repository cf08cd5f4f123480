// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/binomial_tail.hpp>
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
///  - no, by its cover: no rule.cover_at_most keys hold enough of its firings. Those that hold most are looked for in
///    each half by itself, so that no keys are named;
///  - no, by its rates: on each of `keys` its rate is too low, and they hold too many of its firings.
struct detector_claim {
  census::verdict verdict = census::verdict::undecided;  ///< undecided: no claim
  bool by_cover = false;
  std::vector<std::uint32_t> keys;  ///< indices; none by its cover
};

namespace detail {

/// The tests of what a claim says, on either half. Each gives its p: the probability of counts that say so as clearly,
/// at most, where it is false.
class claim_test {
 public:
  claim_test(std::span<key_in_halves const> keys, key_in_halves::counts key_in_halves::*half, detector_rule const& rule)
      : keys_(keys), half_(half), rule_(rule) {
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

  /// Its rate at the key suffices, or does not.
  double fires_enough(std::uint32_t key) const {
    return at_or_above(at(key).firings, at(key).occurrences, rule_.fires_on);
  }
  double fires_too_little(std::uint32_t key) const {
    return below(at(key).firings, at(key).occurrences, rule_.fires_on);
  }

  /// The keys hold enough of its firings to cover and to explain them, or so many that the others cannot explain them.
  double hold_enough(std::span<std::uint32_t const> keys) const {
    return at_or_above(held(keys), firings_, larger(rule_.covered, rule_.explained));
  }
  double leave_too_little(std::span<std::uint32_t const> keys) const {
    return below(firings_ - held(keys), firings_, rule_.explained);
  }

  /// No keys, as many as may cover it, hold enough of its firings to do so. Where some do, those at which it fired most
  /// in this half hold as many or more, and a lower tail grows with what they hold: so this is a p whichever they are.
  double none_cover() const { return below(held(top_keys()), firings_, rule_.covered); }

  /// Of the whole claim, which holds where all its parts do: the largest of theirs.
  double p(detector_claim const& claim) const {
    if (claim.verdict == verdict::yes) return largest(hold_enough(claim.keys), claim.keys, &claim_test::fires_enough);
    if (claim.by_cover) return none_cover();
    return largest(leave_too_little(claim.keys), claim.keys, &claim_test::fires_too_little);
  }

 private:
  static ratio larger(ratio a, ratio b) { return a.value() >= b.value() ? a : b; }

  /// Of part / whole being the share or more: the probability of as many, were it just the share; 1 for fewer. No count
  /// tells a share of 1 from one just below it, and none is below 0.
  static double at_or_above(std::uint64_t part, std::uint64_t whole, ratio share) {
    if (whole == 0 || !at_least(part, whole, share) || is_one(share)) return 1;
    return share.numerator == 0 ? 0 : binomial_upper_tail(part, whole, share.value());
  }
  /// Of its being less: the probability of as few. A single miss refutes a share of 1.
  static double below(std::uint64_t part, std::uint64_t whole, ratio share) {
    if (at_least(part, whole, share)) return 1;
    return is_one(share) ? 0 : binomial_lower_tail(part, whole, share.value());
  }
  static bool is_one(ratio share) { return share.numerator == share.denominator; }

  double largest(double p, std::span<std::uint32_t const> keys, double (claim_test::*of)(std::uint32_t) const) const {
    for (std::uint32_t const key : keys) p = std::max(p, (this->*of)(key));
    return p;
  }

  std::uint64_t held(std::span<std::uint32_t const> keys) const {
    std::uint64_t sum = 0;
    for (std::uint32_t const key : keys) sum += at(key).firings;
    return sum;
  }

  std::span<key_in_halves const> keys_;
  key_in_halves::counts key_in_halves::*half_;
  detector_rule const& rule_;
  std::uint64_t firings_ = 0;
};

}  // namespace detail

/// The claim that a neuron's counts in the first half suggest: the fewest keys for which each part of it has a p of at
/// most `error` there. The second half is not looked at. `keys` are all at which it fired.
inline detector_claim claim_on_first_half(std::span<key_in_halves const> keys, detector_rule const& rule = {},
                                          double error = 0.05) {
  detail::claim_test const first(keys, &key_in_halves::chosen_on, rule);
  if (first.none_cover() <= error) return {verdict::no, true, {}};
  std::vector<std::uint32_t> enough, too_little;
  for (std::uint32_t const key : first.top_keys()) {
    if (first.fires_enough(key) <= error) {
      enough.push_back(key);
      if (first.hold_enough(enough) <= error) return {verdict::yes, false, std::move(enough)};
    } else if (first.fires_too_little(key) <= error) {
      too_little.push_back(key);
      if (first.leave_too_little(too_little) <= error) return {verdict::no, false, std::move(too_little)};
    }
  }
  return {};
}

/// A claim, and what the second half says of it.
struct tested_claim {
  census::verdict verdict = census::verdict::undecided;  ///< what is claimed; undecided: nothing
  double p = 1;  ///< the probability of a second half that bears it out as well, at most, where it is false

  template <class Archive>
  void serialize(Archive& archive) {
    archive("verdict", verdict)("p", p);
  }
  friend bool operator==(tested_claim const&, tested_claim const&) = default;
};

/// The claim tested on the second half, by Clopper and Pearson's exact binomial tails: where it is false, one of its
/// parts is, so the largest of their p is a p of the whole. Keys that the first half chose are fixed by then; that no
/// keys cover the neuron is tested by those that hold most in the second half itself. The unit of independence is the
/// occurrence of a key, so a neuron whose misses come by the document is judged too readily.
inline tested_claim test_on_second_half(detector_claim const& claim, std::span<key_in_halves const> keys,
                                        detector_rule const& rule = {}) {
  if (claim.verdict == verdict::undecided) return {};
  return {claim.verdict, detail::claim_test(keys, &key_in_halves::tested_on, rule).p(claim)};
}

}  // namespace census
