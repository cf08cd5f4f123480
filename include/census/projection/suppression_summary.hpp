// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_profile.hpp>
#include <census/projection/trigger_scores.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace census {

/// How many detectors suppress what they fire on, by one kind of score, and by how much more than chance would have it.
struct suppression_counts {
  std::uint64_t detectors = 0;     ///< that have such scores
  std::uint64_t negative = 0;      ///< of these: with a negative mean score on their triggers (the paper's sign)
  std::uint64_t with_null = 0;     ///< that could be compared with tokens as frequent as their triggers,
  std::uint64_t below_null = 0;    ///< and of these: whose triggers lie in the lower half of them
  std::uint64_t with_others = 0;   ///< that could be compared with the triggers of other detectors,
  std::uint64_t below_others = 0;  ///< and of these: that score their own triggers lower
  double percentiles = 0;          ///< sum over with_null

  /// About ½ where updates do not know their triggers; nothing where there is none to compare.
  std::optional<double> mean_null_percentile() const {
    if (with_null == 0) return std::nullopt;
    return percentiles / static_cast<double>(with_null);
  }

  void add(trigger_scores const& scores) {
    ++detectors, negative += scores.projection < 0;
    if (scores.null_percentile)
      ++with_null, below_null += *scores.null_percentile < 0.5, percentiles += *scores.null_percentile;
    if (scores.paired_difference) ++with_others, below_others += *scores.paired_difference < 0;
  }
};

/// Both kinds: by E·v, and by what softmax and the final norm leave of it.
struct suppression_summary {
  suppression_counts plain, centred;
};

/// Whether the text repeats a profile's triggers more than their frequency makes it, ln P(x→x)/P(x) > 0: the stratum
/// in which suppression speaks for the removal of what was just seen, rather than for "the next token is another one".
inline bool triggers_repeat(neuron_profile const& profile) {
  auto const ratio = profile.succession ? profile.succession->log_ratio() : std::nullopt;
  return ratio && *ratio > 0;
}

/// The suppression of triggers by those detectors among the profiles that `counted` chooses: one layer, say, one n,
/// one stratum (paper, section 4.3).
template <std::predicate<neuron_profile const&> Counted>
suppression_summary summarise_suppression(std::span<neuron_profile const> profiles, Counted const& counted) {
  suppression_summary summary;
  for (neuron_profile const& profile : profiles) {
    if (!profile.is_detector || profile.triggers.empty() || !counted(profile)) continue;
    summary.plain.add(profile.trigger);
    if (profile.centred_trigger) summary.centred.add(*profile.centred_trigger);
  }
  return summary;
}

/// How a layer's token detectors suppress their triggers: all of them, and those whose triggers the text repeats.
struct layer_suppression {
  suppression_summary all, where_repeated;
};

/// The suppression in each layer of some profiles, by layer.
inline std::map<std::uint32_t, layer_suppression> suppression_by_layer(std::span<neuron_profile const> profiles) {
  std::map<std::uint32_t, layer_suppression> by_layer;
  for (neuron_profile const& profile : profiles) by_layer[profile.layer];
  for (auto& [layer, suppression] : by_layer) {
    auto const is_token_detector = [number = layer](neuron_profile const& one) {
      return one.layer == number && !one.ngrams.empty() && one.ngrams.front().ids.size() == 1;
    };
    suppression.all = summarise_suppression(profiles, is_token_detector);
    suppression.where_repeated = summarise_suppression(
        profiles, [&](neuron_profile const& one) { return is_token_detector(one) && triggers_repeat(one); });
  }
  return by_layer;
}

}  // namespace census
