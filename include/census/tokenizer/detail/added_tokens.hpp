// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// A token beside those of the encoding, as a tokenizer's files list it.
struct added_token {
  std::string name;
  token_id id = 0;
  bool is_special = false;  ///< it controls the model (end of text, padding), and is no part of a text
  std::string takes_along;  ///< a setting by which it takes white space or only whole words: not read
  std::string place;        ///< the file that lists it
  /// Whether its name stands for normalised text; unless a file says so, that of a special one does not.
  std::optional<bool> normalized = {};

  bool is_normalized() const { return normalized.value_or(!is_special); }
};

/// The added tokens that a text is cut at in one round: their names are one token each.
class added_token_names {
 public:
  added_token_names() = default;
  explicit added_token_names(std::vector<std::pair<std::string, token_id>> names) {
    std::ranges::sort(names);
    for (auto& name : names | std::views::reverse)
      by_first_byte_[static_cast<unsigned char>(name.first[0])].push_back(std::move(name));
  }

  /// Where a name stands, first .. end. Without an id, nothing is known from `first` on: the text ends there, or may
  /// have the beginning of a name there.
  struct place {
    std::size_t first, end;
    std::optional<token_id> id = {};
  };

  /// The first name at or behind `from`, of those at one place the longest. With `goes_on`, a name that the text may
  /// hold the beginning of is waited for.
  place find(std::string_view text, std::size_t from, bool goes_on) const {
    for (std::size_t at = from; at < text.size(); ++at)
      for (auto const& [name, id] : by_first_byte_[static_cast<unsigned char>(text[at])]) {
        auto const rest = text.substr(at);
        if (rest.starts_with(name)) return {at, at + name.size(), id};
        if (goes_on && name.starts_with(rest)) return {at, text.size()};
      }
    return {text.size(), text.size()};
  }

 private:
  std::array<std::vector<std::pair<std::string, token_id>>, 256> by_first_byte_;  // a name before its beginnings
};

/// The rounds in which a text is cut, as Hugging Face's `tokenizers` do: at names that are not normalised, and then
/// what is between these at the others. Without a normaliser that tells only where names overlap.
using added_token_rounds = std::array<added_token_names, 2>;
inline added_token_rounds rounds_of(std::vector<added_token> const& tokens) {
  std::array<std::vector<std::pair<std::string, token_id>>, 2> rounds;
  for (added_token const& token : tokens) rounds[token.is_normalized()].emplace_back(token.name, token.id);
  return {added_token_names(std::move(rounds[0])), added_token_names(std::move(rounds[1]))};
}

}  // namespace census
