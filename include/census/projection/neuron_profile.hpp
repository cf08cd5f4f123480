// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/trigger_scores.hpp>
#include <census/statistic/self_repetition.hpp>
#include <census/statistic/verdict.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// How far a detector is to be believed; what is not known stays empty.
struct detector_reliability {
  std::uint32_t order = 0;                      ///< the least n of whose n-grams it is a detector; 0: not known
  std::optional<double> repeat_rate = {};       ///< see repeat_rate
  std::optional<census::verdict> verdict = {};  ///< whether it detects tokens: needs all layers, see judge_detectors

  template <class Archive>
  void serialize(Archive& archive) {
    archive("order", order)("repeat_rate", repeat_rate)("verdict", verdict);
  }
};

/// A neuron as one shows it to people: what it fires on, and what it then does to the next token.
struct neuron_profile {
  struct ngram {
    std::vector<token_id> ids;
    std::string text;
    std::uint64_t firings, occurrences;

    template <class Archive>
    void serialize(Archive& archive) {
      archive("ids", ids)("text", text)("firings", firings)("occurrences", occurrences);
    }
  };
  struct token {
    token_id id;
    std::string text;
    float score;

    template <class Archive>
    void serialize(Archive& archive) {
      archive("id", id)("text", text)("score", score);
    }
    friend bool operator==(token const&, token const&) = default;
  };

  std::uint32_t layer = 0, neuron = 0;
  bool is_detector = false;
  std::uint64_t firings = 0;  ///< BOS left out
  std::uint32_t cover = 0;    ///< how many n-grams hold 95 % of them
  std::vector<ngram> ngrams;  ///< a detector's detected n-grams; another neuron's top ones; by firings descending
  std::vector<token> promoted, suppressed;
  double trigger_projection = 0;        ///< mean score of the triggers: negative where it suppresses what it fires on
  std::vector<token_id> triggers = {};  ///< the last tokens of `ngrams`, ascending, each once
  trigger_scores trigger = {};          ///< by E·v; ranks and nulls where it was projected with nulls
  std::optional<trigger_scores> centred_trigger = {};  ///< by (e − mean e)·(gain ⊙ (v − mean v))
  std::optional<self_repetition> succession = {};      ///< of the triggers
  std::size_t supported = 0;                           ///< of `ngrams`: those that occur 73 times or more
  std::optional<double> supported_share = {};          ///< of `firings`: at those that support it (note_support)
  detector_reliability reliability = {};

  template <class Archive>
  void serialize(Archive& archive) {
    archive("layer", layer)("neuron", neuron)("is_detector", is_detector)("firings", firings)("cover", cover);
    archive("ngrams", ngrams)("promoted", promoted)("suppressed", suppressed);
    archive("trigger_projection", trigger_projection)("triggers", triggers)("trigger", trigger);
    archive("centred_trigger", centred_trigger)("succession", succession)("supported", supported);
    archive("supported_share", supported_share)("reliability", reliability);
  }
};

/// The `count` profiles that say most about tokens, for people to look at: first the best of each layer, then the
/// second best; in a layer detectors before others, then by cover ascending and firings descending.
inline std::vector<neuron_profile> most_telling(std::vector<neuron_profile> const& profiles, std::size_t count) {
  auto const telling = [](neuron_profile const& one) {
    return std::tuple(!one.is_detector, one.cover, ~one.firings, one.layer, one.neuron);
  };
  std::vector<neuron_profile const*> ranked;
  for (auto const& profile : profiles) ranked.push_back(&profile);
  std::ranges::sort(ranked, {}, [&](auto const* one) { return telling(*one); });
  std::map<std::uint32_t, std::size_t> met;  // profiles of the layer so far
  std::map<std::pair<std::size_t, std::size_t>, neuron_profile const*> by_round;
  for (auto const* one : ranked) by_round.emplace(std::pair(met[one->layer]++, by_round.size()), one);
  std::vector<neuron_profile> chosen;
  for (auto const& [place, one] : by_round)
    if (chosen.size() < count) chosen.push_back(*one);
  return chosen;
}

}  // namespace census
