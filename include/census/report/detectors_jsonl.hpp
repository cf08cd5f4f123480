// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_portrait.hpp>

#include <nlohmann/json.hpp>

#include <ostream>
#include <vector>

namespace census {

/// A detector as a line of detectors.jsonl: its n-grams as text and ids with both rates (at how many of the n-gram's
/// occurrences the neuron fires, how many of the neuron's firings are there), the tokens that its update promotes and
/// suppresses, and its mean projection on the tokens it detects. Bytes that are no UTF-8 appear as U+FFFD; the ids are
/// exact.
inline void write_detector_line(std::ostream& out, neuron_portrait const& portrait) {
  using json = nlohmann::ordered_json;
  json ngrams = json::array();
  for (auto const& ngram : portrait.ngrams)
    ngrams.push_back(
        {{"text", ngram.text},
         {"ids", ngram.ids},
         {"firings", ngram.firings},
         {"occurrences", ngram.occurrences},
         {"fires_on", static_cast<double>(ngram.firings) / static_cast<double>(ngram.occurrences)},
         {"share_of_firings", static_cast<double>(ngram.firings) / static_cast<double>(portrait.firings)}});
  auto const tokens = [](std::vector<neuron_portrait::token> const& ranked) {
    json all = json::array();
    for (auto const& token : ranked) all.push_back({{"text", token.text}, {"id", token.id}, {"score", token.score}});
    return all;
  };
  json const line{{"layer", portrait.layer},
                  {"neuron", portrait.neuron},
                  {"n", portrait.ngrams.empty() ? 1 : portrait.ngrams.front().ids.size()},
                  {"firings_without_bos", portrait.firings},
                  {"cover", portrait.cover},
                  {"ngrams", std::move(ngrams)},
                  {"promoted", tokens(portrait.promoted)},
                  {"suppressed", tokens(portrait.suppressed)},
                  {"trigger_projection", portrait.trigger_projection}};
  out << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace census
