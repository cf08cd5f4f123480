// SPDX-License-Identifier: MIT
#pragma once

#include <census/json.hpp>
#include <census/projection/neuron_profile.hpp>
#include <census/report/detail/profile_json.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// A field of a line of detectors.jsonl, what a column is to a table: its name, what it says in one line, and a
/// detector's value; null where it does not exist or is not known.
struct detector_field {
  std::string name;
  std::string_view meaning;  ///< a string literal
  std::function<nlohmann::ordered_json(neuron_profile const&)> value;
};

namespace detail {

inline std::vector<detector_field> fields_of_firings() {
  return {
      {"layer", "the layer, from 0", [](auto& of) { return of.layer; }},
      {"neuron", "its number in the layer, from 0", [](auto& of) { return of.neuron; }},
      {"n", "of its n-grams; 1: tokens",
       [](auto& of) { return of.ngrams.empty() ? std::size_t{1} : of.ngrams.front().ids.size(); }},
      {"firings_without_bos", "firings at tokens with which such an n-gram ends", [](auto& of) { return of.firings; }},
      {"cover", "the fewest n-grams that hold 95 % of them", [](auto& of) { return of.cover; }},
      {"ngrams",
       "those it detects, each with `text`, `ids`, `firings`, `occurrences`, `fires_on` (firings / occurrences), "
       "`share_of_firings`",
       [](auto& of) { return json_of_ngrams(of); }}};
}

inline std::vector<detector_field> fields_of_projection() {
  return {{"promoted", "the eight tokens of the largest E·v, v the neuron's update, each with `text`, `id`, `score`",
           [](auto& of) { return json_of_tokens(of.promoted); }},
          {"suppressed", "the eight of the smallest", [](auto& of) { return json_of_tokens(of.suppressed); }},
          {"trigger_projection",
           "the mean of E·v over its triggers, the last tokens of its n-grams: negative where it suppresses what it "
           "detects",
           [](auto& of) { return of.trigger_projection; }},
          {"trigger_rank", "mean place of the triggers in the ranking of the vocabulary, 0 for the most promoted",
           [](auto& of) { return of.triggers.empty() ? json() : json(of.trigger.rank); }},
          {"trigger_null_percentile", "mean place of their scores among tokens of about their frequency, 0 to 1",
           [](auto& of) { return json_or_null(of.trigger.null_percentile); }},
          {"trigger_paired_difference",
           "the mean of their scores less that of the triggers of the layer's other detectors",
           [](auto& of) { return json_or_null(of.trigger.paired_difference); }}};
}

inline std::vector<detector_field> fields_of_centred_projection() {
  auto const centred = [](auto trigger_scores::*figure) {
    return [figure](neuron_profile const& of) {
      return of.centred_trigger ? json_or_null(std::optional((*of.centred_trigger).*figure)) : json();
    };
  };
  return {{"centred_projection", "trigger_projection by (e − mean e) · (gain ⊙ (v − mean v))",
           centred(&trigger_scores::projection)},
          {"centred_rank", "trigger_rank by the same", centred(&trigger_scores::rank)},
          {"centred_null_percentile", "trigger_null_percentile by the same", centred(&trigger_scores::null_percentile)},
          {"centred_paired_difference", "trigger_paired_difference by the same",
           centred(&trigger_scores::paired_difference)}};
}

inline std::vector<detector_field> fields_of_reliability() {
  auto const succession = [](auto self_repetition::*figure) {
    return [figure](neuron_profile const& of) { return of.succession ? json((*of.succession).*figure) : json(); };
  };
  return {{"self_succession", "ln P(x→x)/P(x) of its triggers: above 0 where the text repeats them",
           [](auto& of) { return of.succession ? json_or_null(of.succession->log_ratio()) : json(); }},
          {"self_successions", "how often one of them followed itself", succession(&self_repetition::observed)},
          {"self_successions_expected", "how often it would by their frequency alone",
           succession(&self_repetition::expected)},
          {"order", "the least n of whose n-grams it is a detector, as in neurons.csv",
           [](auto& of) { return of.reliability.order > 0 ? json(of.reliability.order) : json(); }},
          {"supported", "its n-grams that occur 73 times or more", [](auto& of) { return of.supported; }},
          {"repeat_rate", "as in neurons.csv, over all n-grams of this n",
           [](auto& of) { return json_or_null(of.reliability.repeat_rate); }},
          {"verdict", "of tokens only: surely, possibly, no, as token_detector_verdict of neurons.csv",
           [](auto& of) { return of.reliability.verdict ? json(name_of(*of.reliability.verdict)) : json(); }},
          {"supported_share",
           "share of its firings at n-grams that it detects, that occur 73 times or more, and at which it fired in two "
           "documents or more; supported is a detector with 0.95",
           [](auto& of) { return json_or_null(of.supported_share); }}};
}

}  // namespace detail

/// The fields of a line of detectors.jsonl, in order: to add one, add it to its group and its line to docs/results.md.
inline std::vector<detector_field> const& detector_fields() {
  static std::vector<detector_field> const fields = [] {
    std::vector<detector_field> all;
    for (auto const& group : {detail::fields_of_firings(), detail::fields_of_projection(),
                              detail::fields_of_centred_projection(), detail::fields_of_reliability()})
      all.insert(all.end(), group.begin(), group.end());
    return all;
  }();
  return fields;
}

/// A detector as a line of detectors.jsonl. Bytes that are no UTF-8 appear as U+FFFD; the ids are exact.
inline void write_detector_line(std::ostream& out, neuron_profile const& profile) {
  nlohmann::ordered_json line;
  for (detector_field const& field : detector_fields()) line[field.name] = field.value(profile);
  out << json_text(line) << '\n';
}

}  // namespace census
