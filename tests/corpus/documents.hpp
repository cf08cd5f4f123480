// SPDX-License-Identifier: MIT
// What the tests of text files share: files opened with the tokenizer of tests/data/tokenizer, and their documents as
// text again.
#pragma once

#include <census/corpus/open_corpus.hpp>
#include <census/tokenizer/open_tokenizer.hpp>

#include <map>
#include <string>
#include <vector>

inline census::tokenizer const& tokenizer() {
  static auto const opened = census::open_tokenizer(CENSUS_TEST_DATA "/tokenizer", 2);
  return opened;
}

inline census::corpus open(std::vector<std::string> const& paths,
                           census::corpus_options const& options = {.context = 16}) {
  return census::open_corpus(tokenizer(), paths, options);
}

// The documents of a corpus by number, without BOS.
inline std::map<std::uint64_t, std::string> documents(census::corpus const& corpus) {
  std::map<std::uint64_t, std::string> texts;
  for (auto const& rows : corpus.texts())
    for (auto const& s : rows->sequences)
      texts[s.document] +=
          tokenizer().decode(std::span(rows->tokens).subspan(s.first_row + s.has_bos, s.length - s.has_bos));
  return texts;
}
