// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_profile.hpp>

#include <nlohmann/json.hpp>

#include <ostream>
#include <vector>

namespace census {

/// A detector as a line of detectors.jsonl: its n-grams as text and ids with both rates (at how many of the n-gram's
/// occurrences the neuron fires, how many of the neuron's firings are there), the tokens that its update promotes and
/// suppresses, its mean projection on the tokens it detects with rank and nulls, plain and centred, and how far the
/// detector is to be believed. null is what does not exist or is not known. Bytes that are no UTF-8 appear as U+FFFD;
/// the ids are exact.
inline void write_detector_line(std::ostream& out, neuron_profile const& profile) {
  using json = nlohmann::ordered_json;
  json ngrams = json::array();
  for (auto const& ngram : profile.ngrams)
    ngrams.push_back({{"text", ngram.text},
                      {"ids", ngram.ids},
                      {"firings", ngram.firings},
                      {"occurrences", ngram.occurrences},
                      {"fires_on", static_cast<double>(ngram.firings) / static_cast<double>(ngram.occurrences)},
                      {"share_of_firings", static_cast<double>(ngram.firings) / static_cast<double>(profile.firings)}});
  auto const tokens = [](std::vector<neuron_profile::token> const& ranked) {
    json all = json::array();
    for (auto const& token : ranked) all.push_back({{"text", token.text}, {"id", token.id}, {"score", token.score}});
    return all;
  };
  auto const known = [](auto const& figure) { return figure ? json(*figure) : json(); };
  auto const& [order, repeat_rate, verdict] = profile.reliability;
  constexpr char const* verdicts[] = {"no", "possibly", "surely"};
  json line{{"layer", profile.layer},
            {"neuron", profile.neuron},
            {"n", profile.ngrams.empty() ? 1 : profile.ngrams.front().ids.size()},
            {"firings_without_bos", profile.firings},
            {"cover", profile.cover},
            {"ngrams", std::move(ngrams)},
            {"promoted", tokens(profile.promoted)},
            {"suppressed", tokens(profile.suppressed)},
            {"trigger_projection", profile.trigger_projection}};
  bool const scored = !profile.triggers.empty();
  line["trigger_rank"] = scored ? json(profile.trigger.rank) : json();
  line["trigger_null_percentile"] = known(profile.trigger.null_percentile);
  line["trigger_paired_difference"] = known(profile.trigger.paired_difference);
  auto const& centred = profile.centred_trigger;
  line["centred_projection"] = centred ? json(centred->projection) : json();
  line["centred_rank"] = centred ? json(centred->rank) : json();
  line["centred_null_percentile"] = centred ? known(centred->null_percentile) : json();
  line["centred_paired_difference"] = centred ? known(centred->paired_difference) : json();
  auto const& succession = profile.succession;
  line["self_succession"] = succession ? known(succession->log_ratio()) : json();
  line["self_successions"] = succession ? json(succession->observed) : json();
  line["self_successions_expected"] = succession ? json(succession->expected) : json();
  line["order"] = order > 0 ? json(order) : json();
  line["supported"] = profile.supported;
  line["repeat_rate"] = known(repeat_rate);
  line["verdict"] = verdict ? json(verdicts[static_cast<std::size_t>(*verdict)]) : json();
  out << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace census
