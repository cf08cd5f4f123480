// SPDX-License-Identifier: MIT
#pragma once

#include <census/projection/neuron_profile.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

namespace census::detail {

using json = nlohmann::ordered_json;

/// null where there is no figure.
template <class Figure>
json json_or_null(std::optional<Figure> const& figure) {
  return figure ? json(*figure) : json();
}

/// A profile's n-grams with both rates: at how many of an n-gram's occurrences the neuron fires, and how many of the
/// neuron's firings are there.
inline json json_of_ngrams(neuron_profile const& profile) {
  json ngrams = json::array();
  for (auto const& ngram : profile.ngrams)
    ngrams.push_back({{"text", ngram.text},
                      {"ids", ngram.ids},
                      {"firings", ngram.firings},
                      {"occurrences", ngram.occurrences},
                      {"fires_on", static_cast<double>(ngram.firings) / static_cast<double>(ngram.occurrences)},
                      {"share_of_firings", static_cast<double>(ngram.firings) / static_cast<double>(profile.firings)}});
  return ngrams;
}

/// The tokens at one end of a ranking.
inline json json_of_tokens(std::vector<neuron_profile::token> const& ranked) {
  json tokens = json::array();
  for (auto const& token : ranked) tokens.push_back({{"text", token.text}, {"id", token.id}, {"score", token.score}});
  return tokens;
}

}  // namespace census::detail
