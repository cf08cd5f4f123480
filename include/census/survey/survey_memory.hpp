// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/statistic/layer_census_bytes.hpp>
#include <census/statistic/ngram_census.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/survey_size.hpp>
#include <census/tabulation/document_halves.hpp>
#include <census/tabulation/documents_fired_in.hpp>
#include <census/tabulation/ngram_rows.hpp>

#include <algorithm>
#include <cstdint>

namespace census {

/// What a survey layer by layer holds at most, in bytes, beside the model, the text and the firings that are kept: each
/// part as the structures that it is made of tell it.
struct survey_memory {
  std::uint64_t tables = 0;   ///< of one layer, and what it remembers of the text
  std::uint64_t ngrams = 0;   ///< those of the text, and one layer's statistics of them
  std::uint64_t results = 0;  ///< of all layers

  std::uint64_t total() const { return tables + ngrams + results; }
};

inline survey_memory plan_survey(survey_size const& size) {
  auto const by_position = firing_counts::bytes(size.positions, size.tokens, size.neurons);  // begun documents or not,
  survey_memory memory;
  memory.tables = paper_survey::bytes(size) + 2 * by_position;  // and of the decoy
  memory.results = size.layers * layer_census_bytes(size.neurons, size.longest_ngram, size.distinct_tokens);
  if (size.longest_ngram == 1) return memory;
  std::uint64_t const text = text_rows::bytes(size.tokens, size.sequences);
  memory.ngrams =
      document_halves::bytes(size.sequences, size.domains) + text /* in one piece */ +
      text /* of the firings that are kept */ +
      (size.longest_ngram - 1) * ngram_rows::bytes(size.tokens, size.sequences) +
      std::max({ngram_census_bytes(size.tokens, size.threads) + paper_survey_options{}.column_memory,
                paper_survey::bytes_to_count_again(size), fired_in_two_documents_bytes(size.tokens, size.sequences),
                estimate_position_bytes(size.positions, size.sequences, size.documents, size.threads)});
  return memory;
}

}  // namespace census
