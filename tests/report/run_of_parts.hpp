// SPDX-License-Identifier: MIT
// The record of a census of some documents of two texts.
#pragma once

#include <census/report/run_json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace census_test {

/// Of texts of documents 0 to 9 and 10 to 19, each of 100 tokens.
inline census::run_record run_of(census::document_subset const& parts, std::uint64_t numbering = 1) {
  census::run_record run;
  run.blas = "BLAS";
  run.model = {{"m/config.json", "", 1, 0xc}, {"m/vocab.json", "", 1, 0xd}, {"m/model.safetensors", "", 9, 0xe}};
  run.settings = {{"bos", "yes"}, {"context", "64"}, {"ngrams", "3"}};
  for (std::uint64_t const text : {0, 1}) {
    census::run_record::counted_documents counted{0, 0, 0, parts, numbering};
    for (std::uint64_t d = 10 * text; d < 10 * text + 10; ++d)
      if (parts.contains(d)) counted.first = counted.count++ == 0 ? d : counted.first, counted.last = d;
    run.texts.push_back({text == 0 ? "a.txt" : "b.txt", text == 0 ? "prose" : "code", 7, 10 + text, {}, counted});
    run.documents += counted.count;
    run.tokens_by_domain.emplace_back(text == 0 ? "prose" : "code", 100 * counted.count);
  }
  run.sequences = 3 * run.documents, run.full_sequences = run.documents;
  run.seconds = {{"survey", 2.0}};
  run.peak_memory = 100 + run.documents;
  return run;
}

}  // namespace census_test
