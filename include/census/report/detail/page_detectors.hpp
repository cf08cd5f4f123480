// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/detector_lines.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/page_tokens.hpp>
#include <census/report/read_census.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace census::detail {

/// The detectors of detectors.jsonl as a page carries them, in the file's order; tokens and n-grams by their numbers
/// among `tokens`. Of a detector's n-grams the first `most_ngrams` are carried, and how many there are; what it
/// promotes and suppresses where `with_ends` asks for it. Throws bad_input as for_each_detector_line does.
class page_detectors {
 public:
  using json = nlohmann::ordered_json;
  static constexpr std::size_t most_ngrams = 20;

  static json read(census_record const& census, page_tokens& tokens, bool with_ends) {
    json all = json::array();
    for_each_detector_line(census,
                           [&](nlohmann::json const& line) { all.push_back(detector(line, tokens, with_ends)); });
    return all;
  }

 private:
  static json detector(nlohmann::json const& line, page_tokens& tokens, bool with_ends) {
    json shown{{"layer", line.at("layer").get<std::uint32_t>()}, {"neuron", line.at("neuron").get<std::uint32_t>()}};
    for (auto const* name : {"n", "firings_without_bos", "cover", "supported", "supported_share", "repeat_rate",
                             "trigger_null_percentile", "trigger_projection"})
      if (auto const found = line.find(name); found != line.end() && !found->is_null())
        shown[name] = page_number(found->get<double>());
    if (auto const verdict = line.find("verdict"); verdict != line.end() && !verdict->is_null())
      shown["verdict"] = verdict->get<std::string>();

    shown["of"] = line.at("ngrams").size();
    shown["ngrams"] = json::array();
    for (auto const& ngram : line.at("ngrams"))  // [text, firings, occurrences]
      if (shown["ngrams"].size() < most_ngrams)
        shown["ngrams"].push_back({tokens.number_of(ngram.at("text").get<std::string>()),
                                   ngram.at("firings").get<std::uint64_t>(),
                                   ngram.at("occurrences").get<std::uint64_t>()});
    if (!with_ends) return shown;
    for (auto const* name : {"promoted", "suppressed"}) {
      json ranked = json::array();
      for (auto const& token : line.at(name))  // [text, score]
        ranked.push_back(
            {tokens.number_of(token.at("text").get<std::string>()), page_number(token.at("score").get<double>(), 3)});
      shown[name] = std::move(ranked);
    }
    return shown;
  }
};

}  // namespace census::detail
