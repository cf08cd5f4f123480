// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <utility>

namespace census {

/// Several texts as one, in their order: 4 bytes a token, and while it is made thrice that where it was not told how
/// many tokens there are. Throws std::length_error past 2^32 - 1 rows.
template <std::ranges::input_range Texts>
requires std::convertible_to<std::ranges::range_reference_t<Texts>, shared_text>
    shared_text join(Texts&& texts, std::uint64_t tokens = 0) {
  text_rows whole;
  whole.tokens.reserve(tokens);
  for (shared_text const& text : texts) {
    if (text->tokens.size() > std::numeric_limits<std::uint32_t>::max() - whole.tokens.size())
      throw std::length_error("census::join: more than 2^32 - 1 rows");
    auto const rows_before = static_cast<std::uint32_t>(whole.tokens.size());
    whole.tokens.insert(whole.tokens.end(), text->tokens.begin(), text->tokens.end());
    for (sequence one : text->sequences) {
      one.first_row += rows_before;
      whole.sequences.push_back(one);
    }
  }
  whole.tokens.shrink_to_fit();
  return share(std::move(whole));
}

}  // namespace census
