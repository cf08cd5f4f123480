// SPDX-License-Identifier: MIT
#pragma once

#include <census/cancelled.hpp>
#include <census/parallel_loop.hpp>
#include <census/projection/detail/score_updates.hpp>
#include <census/projection/neuron_profile.hpp>
#include <census/projection/trigger_suppression.hpp>
#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/census_rules.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/wilson_interval.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census {

/// Bytes of memory for projecting profiles on a vocabulary of `tokens`, from above, beside the profiles themselves.
inline std::uint64_t projection_bytes(std::uint64_t tokens, std::uint64_t hidden_size) {
  return sizeof(float) *
         (detail::rows_at_once * hidden_size + std::max<std::uint64_t>(detail::scores_at_once, 2 * tokens));
}

/// Makes profiles of a model's neurons. What they fire on is told while their layer's table is there; what their
/// updates do is worked out for many of them together, so that the embedding is read once for some ten neurons and
/// never held whole.
template <std::invocable<token_id> Decode>
class profile_builder {
 public:
  /// decode(token_id) gives a token's text; `ranked` tokens are named at either end of the ranking. `rules` are those
  /// that the detectors were found by.
  explicit profile_builder(Decode decode, std::size_t ranked = 8, census_rules const& rules = {})
      : decode_(std::move(decode)), ranked_(ranked), fewest_tokens_(fewest_that_support(rules.token_detector.fires_on)),
        fewest_ngrams_(fewest_that_support(rules.ngram_detector.fires_on)) {}

  /// Adds a neuron: `neuron.detected` are rows of the table whose keys are `keys`; `update` is its own, `centred` the
  /// same as the final norm leaves it (centred_update), both as the output embedding sees them. Without `centred` no
  /// centred scores.
  void add(std::uint32_t layer, detector const& neuron, std::span<token_id const> keys, Eigen::VectorXf update,
           Eigen::VectorXf centred = {}, detector_reliability const& reliability = {}) {
    add_ngrams(
        layer, neuron, [&](std::uint32_t row) { return keys.subspan(row, 1); }, std::move(update), std::move(centred),
        reliability);
  }

  /// The same for n-grams: tokens_of(row) gives the tokens of the n-gram that a row is, in reading order. The updates
  /// of a neuron that was added already are not looked at.
  template <std::invocable<std::uint32_t> TokensOf>
  void add_ngrams(std::uint32_t layer, detector const& neuron, TokensOf const& tokens_of, Eigen::VectorXf update,
                  Eigen::VectorXf centred = {}, detector_reliability const& reliability = {}) {
    auto const [known, is_new] = update_of_.try_emplace({layer, neuron.neuron}, updates_.size());
    if (!is_new && known->second < projected_) known->second = updates_.size();  // its update is gone
    if (known->second == updates_.size()) {
      updates_.push_back({std::move(update), std::move(centred)});
      profiles_of_.emplace_back();
    }
    profiles_of_[known->second].push_back(profiles_.size());
    profiles_.push_back(profile_of(layer, neuron, tokens_of, reliability));
  }

  /// All profiles, in the order in which they were added, with their updates on a vocabulary of `tokens`. May be
  /// called after each layer, so that no more than its updates are held.
  std::vector<neuron_profile> const& project(std::size_t tokens, embedding_reader auto const& rows) {
    return project(tokens, rows, nullptr);
  }

  /// The same, the triggers compared with their nulls, which are of as many tokens. Of a layer, all detectors have been
  /// added: their triggers are one of the nulls.
  std::vector<neuron_profile> const& project(embedding_reader auto const& rows, trigger_nulls const& nulls) {
    return project(nulls.tokens(), rows, &nulls);
  }

  /// Stores what was added, and restores it into a builder of the same vocabulary. Throws std::invalid_argument where
  /// what is restored does not fit together.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("profiles", profiles_)("updates", updates_)("profiles_of", profiles_of_)("update_of", update_of_);
    archive("projected", projected_);
    bool fits = profiles_of_.size() == updates_.size() && projected_ <= updates_.size();
    for (auto const& of_update : profiles_of_)
      for (std::size_t const profile : of_update) fits = fits && profile < profiles_.size();
    for (auto const& [neuron, update] : update_of_) fits = fits && update < updates_.size();
    if (!fits) throw std::invalid_argument("census::profile_builder: profiles and updates that do not fit together");
  }

 private:
  using kind = std::pair<std::uint32_t, std::size_t>;  // layer and n
  using triggers_by_kind = std::map<kind, std::vector<token_id>>;
  struct ranked_tokens {
    std::vector<scored_token> promoted, suppressed;
  };

  static kind kind_of(neuron_profile const& profile) {
    return {profile.layer, profile.ngrams.empty() ? 1 : profile.ngrams.front().ids.size()};
  }

  static void sort_once_each(std::vector<token_id>& tokens) {
    std::ranges::sort(tokens);
    tokens.erase(std::ranges::unique(tokens).begin(), tokens.end());
  }

  /// What is told before the update is looked at.
  template <class TokensOf>
  neuron_profile profile_of(std::uint32_t layer, detector const& neuron, TokensOf const& tokens_of,
                            detector_reliability const& reliability) const {
    neuron_profile profile{layer, neuron.neuron, neuron.is_one, neuron.firings, neuron.cover, {}, {}, {}, 0};
    profile.reliability = reliability;
    if (neuron.supported_firings)
      profile.supported_share = static_cast<double>(*neuron.supported_firings) / static_cast<double>(neuron.firings);
    for (key_firings const& key : neuron.detected) {
      neuron_profile::ngram told{{}, {}, key.firings, key.occurrences};
      for (token_id const token : tokens_of(key.row)) told.ids.push_back(token), told.text += decode_(token);
      profile.triggers.push_back(told.ids.back());
      profile.ngrams.push_back(std::move(told));
    }
    sort_once_each(profile.triggers);
    profile.supported = supported(neuron.detected, kind_of(profile).second == 1 ? fewest_tokens_ : fewest_ngrams_);
    return profile;
  }

  std::vector<neuron_profile> const& project(std::size_t tokens, embedding_reader auto const& rows,
                                             trigger_nulls const* nulls) {
    auto const triggers = triggers_of_detectors();
    while (projected_ < updates_.size()) {
      check_not_cancelled();
      std::size_t const count = std::min(detail::updates_at_once(tokens), updates_.size() - projected_);
      auto const some = std::span(updates_).subspan(projected_, count);
      auto const scores = detail::score_updates(some, tokens, rows);
      std::vector<ranked_tokens> ranked(count);
      parallel_loop(std::size_t{0}, count, [&](std::size_t n) {
        ranked[n] = {top_promoted(scores[n].plain, ranked_), top_suppressed(scores[n].plain, ranked_)};
        for (std::size_t const profile : profiles_of_[projected_ + n])
          judge(profiles_[profile], scores[n], triggers, nulls);
      });
      for (std::size_t n = 0; n < count; ++n) name(profiles_of_[projected_ + n], ranked[n]);
      std::ranges::fill(some, detail::plain_and_centred{});
      projected_ += count;
    }
    return profiles_;
  }

  /// The triggers of all detectors of one layer and n, each once.
  triggers_by_kind triggers_of_detectors() const {
    triggers_by_kind triggers;
    for (neuron_profile const& profile : profiles_) {
      auto& all = triggers[kind_of(profile)];
      if (profile.is_detector) all.insert(all.end(), profile.triggers.begin(), profile.triggers.end());
    }
    for (auto& [kind, all] : triggers) sort_once_each(all);
    return triggers;
  }

  static void judge(neuron_profile& profile, detail::plain_and_centred const& scores, triggers_by_kind const& triggers,
                    trigger_nulls const* nulls) {
    if (profile.triggers.empty()) return;
    auto const& of_layer = triggers.at(kind_of(profile));
    auto const judged = [&](Eigen::VectorXf const& by) {
      return nulls != nullptr ? judge_triggers(by, profile.triggers, of_layer, *nulls)
                              : judge_triggers(by, profile.triggers);
    };
    profile.trigger = judged(scores.plain);
    profile.trigger_projection = profile.trigger.projection;
    if (scores.centred.size() > 0) profile.centred_trigger = judged(scores.centred);
    if (nulls != nullptr) profile.succession = nulls->succession_of(profile.triggers);
  }

  /// On the caller's thread, for decode may be anything.
  void name(std::span<std::size_t const> profiles, ranked_tokens const& ranked) {
    auto const promoted = named(ranked.promoted), suppressed = named(ranked.suppressed);
    for (std::size_t const profile : profiles)
      profiles_[profile].promoted = promoted, profiles_[profile].suppressed = suppressed;
  }

  std::vector<neuron_profile::token> named(std::vector<scored_token> const& ranked) const {
    std::vector<neuron_profile::token> tokens;
    for (scored_token const& one : ranked) tokens.push_back({one.token, decode_(one.token), one.score});
    return tokens;
  }

  Decode decode_;
  std::size_t ranked_, projected_ = 0;           // updates that were projected
  std::uint64_t fewest_tokens_, fewest_ngrams_;  // that support a detector
  std::vector<neuron_profile> profiles_;
  std::vector<detail::plain_and_centred> updates_;                            // empty once they were projected
  std::vector<std::vector<std::size_t>> profiles_of_;                         // [update]
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> update_of_;  // by layer and neuron
};

}  // namespace census
