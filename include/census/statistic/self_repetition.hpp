// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/token_id.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace census {

/// How often the text has each token, and each token right after itself. BOS and rows whose token is not known are left
/// out, and no pair crosses the start of a sequence. Tokens beyond the vectors do not occur. Adding texts commutes.
struct token_successions {
  std::uint64_t tokens = 0;                ///< rows that are no BOS, and whose token is known
  std::vector<std::uint64_t> occurrences;  ///< [token id]
  std::vector<std::uint64_t> followed;     ///< [token id]: occurrences with a known token after them in their sequence,
  std::vector<std::uint64_t> repeated;     ///< and of these, those where that is the same token

  void add(text_rows const& text) {
    for (sequence const& sequence : text.sequences)
      for (std::uint32_t position = sequence.has_bos ? 1 : 0; position < sequence.length; ++position) {
        token_id const* const here = &text.tokens[sequence.first_row + position];
        if (*here == no_token) continue;
        if (*here >= occurrences.size())
          for (auto* counts : {&occurrences, &followed, &repeated}) counts->resize(std::size_t{*here} + 1, 0);
        ++tokens, ++occurrences[*here];
        if (position + 1 == sequence.length || here[1] == no_token) continue;
        ++followed[*here];
        repeated[*here] += here[1] == *here;
      }
  }

  std::uint64_t occurrences_of(token_id token) const { return token < occurrences.size() ? occurrences[token] : 0; }

  friend bool operator==(token_successions const&, token_successions const&) = default;
};

/// The successions of a range of texts.
template <class Texts>
token_successions count_successions(Texts const& texts) {
  token_successions counted;
  for (shared_text const& text : texts) counted.add(*text);
  return counted;
}

/// How often some tokens follow themselves, against how often any token would be followed by them.
struct self_repetition {
  std::uint64_t observed = 0;  ///< Σ count of x followed by x
  double expected = 0;         ///< Σ (count of x with a token after it) · P(x): what independent tokens would give

  /// ln P(x→x)/P(x) for one token, the same of the sums for several; nothing where they never follow themselves.
  /// Where it is above 0, a neuron that suppresses what it fires on works against the text (paper, section 4.3).
  std::optional<double> log_ratio() const {
    if (observed == 0) return std::nullopt;
    return std::log(static_cast<double>(observed) / expected);
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("observed", observed)("expected", expected);
  }
  friend bool operator==(self_repetition const&, self_repetition const&) = default;
};

/// The self-succession of some tokens, each named once.
inline self_repetition self_repetition_of(token_successions const& counts, std::span<token_id const> tokens) {
  self_repetition found;
  for (token_id const token : tokens) {
    if (token >= counts.occurrences.size()) continue;
    found.observed += counts.repeated[token];
    found.expected += static_cast<double>(counts.followed[token]) * static_cast<double>(counts.occurrences[token]) /
                      static_cast<double>(counts.tokens);
  }
  return found;
}

}  // namespace census
