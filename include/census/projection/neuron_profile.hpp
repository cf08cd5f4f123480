// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/trigger_suppression.hpp>
#include <census/projection/vocabulary_projection.hpp>
#include <census/statistic/detector_support.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/verdict.hpp>
#include <census/statistic/wilson_interval.hpp>
#include <census/token_id.hpp>

#include <tbb/parallel_for.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace census {

/// How far a detector is to be believed; what is not known stays empty.
struct detector_reliability {
  std::uint32_t order = 0;                 ///< the least n of whose n-grams it is a detector; 0: not known
  std::optional<double> repeat_rate = {};  ///< see repeat_rate
  std::optional<census::verdict> verdict = {};
};

/// A neuron as one shows it to people: what it fires on, and what it then does to the next token.
struct neuron_profile {
  struct ngram {
    std::vector<token_id> ids;
    std::string text;
    std::uint64_t firings, occurrences;
  };
  struct token {
    token_id id;
    std::string text;
    float score;
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
  detector_reliability reliability = {};
};

/// Rows first .. first + count - 1 of E, [count, hidden]: for an embedding that is not held whole.
template <class F>
concept embedding_reader = requires(F const& rows, std::size_t first, std::size_t count) {
  { rows(first, count) } -> std::convertible_to<embedding_matrix>;
};

namespace detail {
/// What profile_builder holds at once of E, in rows, and of projections, in scores.
inline constexpr std::size_t embedding_rows_at_once = 1024, scores_at_once = std::size_t{1} << 22;
}  // namespace detail

/// Bytes of memory for projecting profiles on a vocabulary of `tokens`, from above, beside the profiles themselves.
inline std::uint64_t projection_bytes(std::uint64_t tokens, std::uint64_t hidden_size) {
  return sizeof(float) *
         (detail::embedding_rows_at_once * hidden_size + std::max<std::uint64_t>(detail::scores_at_once, 2 * tokens));
}

/// Profiles of a model's neurons. What they fire on is told while their layer's table is there; what their updates do
/// is worked out for many of them together, so that the embedding is read once for some ten neurons and never held
/// whole.
template <std::invocable<token_id> Decode>
class profile_builder {
 public:
  /// decode(token_id) gives a token's text; `ranked` tokens are named at either end of the ranking.
  explicit profile_builder(Decode decode, std::size_t ranked = 8) : decode_(std::move(decode)), ranked_(ranked) {}

  /// A neuron to add_profiles: `neuron.detected` are rows of the table whose keys are `keys`; `update` is its own,
  /// `centred` the same as the final norm leaves it (centred_update), both as the output embedding sees them. Without
  /// `centred` no centred scores.
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
    neuron_profile profile{layer, neuron.neuron, neuron.is_one, neuron.firings, neuron.cover, {}, {}, {}, 0};
    profile.reliability = reliability;
    profile.supported = supported(neuron.detected, fewest_supported_);
    for (key_firings const& key : neuron.detected) {
      neuron_profile::ngram told{{}, {}, key.firings, key.occurrences};
      for (token_id const token : tokens_of(key.row)) told.ids.push_back(token), told.text += decode_(token);
      profile.triggers.push_back(told.ids.back());
      profile.ngrams.push_back(std::move(told));
    }
    std::ranges::sort(profile.triggers);
    profile.triggers.erase(std::ranges::unique(profile.triggers).begin(), profile.triggers.end());
    auto const [known, is_new] = update_of_.try_emplace({layer, neuron.neuron}, updates_.size());
    if (!is_new && known->second < projected_) known->second = updates_.size();
    if (known->second == updates_.size()) updates_.push_back({std::move(update), std::move(centred), {}});
    updates_[known->second].profiles.push_back(profiles_.size());
    profiles_.push_back(std::move(profile));
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

 private:
  struct neuron_update {
    Eigen::VectorXf plain, centred;
    std::vector<std::size_t> profiles;
  };
  using kind = std::pair<std::uint32_t, std::size_t>;  // layer and n

  static kind kind_of(neuron_profile const& profile) {
    return {profile.layer, profile.ngrams.empty() ? 1 : profile.ngrams.front().ids.size()};
  }

  std::vector<neuron_profile> const& project(std::size_t tokens, embedding_reader auto const& rows,
                                             trigger_nulls const* nulls) {
    constexpr std::size_t rows_at_once = detail::embedding_rows_at_once;
    std::size_t const group = std::max<std::size_t>(1, detail::scores_at_once / 2 / std::max<std::size_t>(1, tokens));
    std::map<kind, std::vector<token_id>> triggers;
    for (neuron_profile const& profile : profiles_) {
      auto& all = triggers[kind_of(profile)];
      if (profile.is_detector) all.insert(all.end(), profile.triggers.begin(), profile.triggers.end());
    }
    for (auto& [kind, all] : triggers) {
      std::ranges::sort(all);
      all.erase(std::ranges::unique(all).begin(), all.end());
    }
    for (; projected_ < updates_.size();) {
      std::size_t const first = projected_, count = std::min(group, updates_.size() - first);
      std::vector<Eigen::VectorXf> plain(count, Eigen::VectorXf(static_cast<Eigen::Index>(tokens))), centred(count);
      for (std::size_t n = 0; n < count; ++n)
        if (updates_[first + n].centred.size() > 0) centred[n] = plain[n];
      for (std::size_t token = 0; token < tokens; token += rows_at_once)
        score(rows(token, std::min(rows_at_once, tokens - token)), token, std::span(updates_).subspan(first, count),
              plain, centred);
      std::vector<std::vector<scored_token>> promoted(count), suppressed(count);
      tbb::parallel_for(std::size_t{0}, count, [&](std::size_t n) {
        if (centred[n].size() > 0) centred[n] = detail::without_mean(std::move(centred[n]));
        promoted[n] = top_promoted(plain[n], ranked_), suppressed[n] = top_suppressed(plain[n], ranked_);
        for (std::size_t const profile : updates_[first + n].profiles)
          judge(profiles_[profile], plain[n], centred[n], triggers.at(kind_of(profiles_[profile])), nulls);
      });
      for (std::size_t n = 0; n < count; ++n) {
        for (std::size_t const profile : updates_[first + n].profiles)
          profiles_[profile].promoted = named(promoted[n]), profiles_[profile].suppressed = named(suppressed[n]);
        updates_[first + n] = {};
      }
      projected_ += count;
    }
    return profiles_;
  }

  /// The scores of the tokens from `token` on, whose rows of E are `part`, by all updates: row by row in pieces that
  /// stay in cache, each score by itself, so that it does not depend on what else is scored.
  static void score(embedding_matrix const& part, std::size_t token, std::span<neuron_update const> updates,
                    std::vector<Eigen::VectorXf>& plain, std::vector<Eigen::VectorXf>& centred) {
    constexpr Eigen::Index cached = 1 << 16;
    Eigen::Index const rows =
        std::clamp<Eigen::Index>(cached / std::max<Eigen::Index>(1, part.cols()) / 8 * 8, 8, 1024);
    tbb::parallel_for(Eigen::Index{0}, (part.rows() + rows - 1) / rows, [&](Eigen::Index i) {
      Eigen::Index const from = i * rows, count = std::min(rows, part.rows() - from);
      auto const piece = part.middleRows(from, count);
      for (std::size_t n = 0; n < updates.size(); ++n)
        for (auto const& [update, scores] :
             {std::pair(&updates[n].plain, &plain[n]), std::pair(&updates[n].centred, &centred[n])})
          if (scores->size() > 0)
            scores->segment(static_cast<Eigen::Index>(token) + from, count) = vocabulary_projection(piece, *update);
    });
  }

  static void judge(neuron_profile& profile, Eigen::VectorXf const& plain, Eigen::VectorXf const& centred,
                    std::span<token_id const> layers, trigger_nulls const* nulls) {
    if (profile.triggers.empty()) return;
    auto const judged = [&](Eigen::VectorXf const& scores) {
      return nulls != nullptr ? judge_triggers(scores, profile.triggers, layers, *nulls)
                              : judge_triggers(scores, profile.triggers);
    };
    profile.trigger = judged(plain);
    profile.trigger_projection = profile.trigger.projection;
    if (centred.size() > 0) profile.centred_trigger = judged(centred);
    if (nulls != nullptr) profile.succession = nulls->succession_of(profile.triggers);
  }

  std::vector<neuron_profile::token> named(std::vector<scored_token> const& ranked) const {
    std::vector<neuron_profile::token> tokens;
    for (scored_token const& one : ranked) tokens.push_back({one.token, decode_(one.token), one.score});
    return tokens;
  }

  Decode decode_;
  std::size_t ranked_, projected_ = 0;
  std::uint64_t fewest_supported_ = fewest_that_support();
  std::vector<neuron_profile> profiles_;
  std::vector<neuron_update> updates_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> update_of_;  // by layer and neuron
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
