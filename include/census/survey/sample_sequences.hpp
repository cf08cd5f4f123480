// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace census {

/// Up to `count` sequences spread evenly over a corpus, each a text of its own: those that hold the tokens at 1/(2 ·
/// count), 3/(2 · count), ... of it, so that a long one is as likely as it is long. Fewer where one holds two of them,
/// or does not tell all its tokens, without which no model runs.
template <census_corpus Corpus>
std::vector<shared_text> sample_sequences(Corpus const& corpus, std::size_t count) {
  std::vector<shared_text> sample;
  std::uint64_t before = 0, found = 0;  // tokens up to the end of the sequence at hand; places that were passed
  auto const place = [&] { return (2 * found + 1) * corpus.tokens() / (2 * count); };
  for (shared_text const& text : text_list(corpus.texts(8192)))
    for (sequence const& s : text->sequences) {
      before += s.length;
      if (found == count || place() >= before) continue;
      while (found < count && place() < before) ++found;
      sequence alone = s;
      alone.first_row = 0;
      auto const first = text->tokens.begin() + s.first_row;
      if (std::find(first, first + s.length, no_token) != first + s.length) continue;
      sample.push_back(share({{first, first + s.length}, {alone}}));
    }
  return sample;
}

}  // namespace census
