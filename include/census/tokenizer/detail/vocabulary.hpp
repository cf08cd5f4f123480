// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/byte_alphabet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace census {

/// The tokens of a model: each has an id, a spelling in the byte alphabet, and the bytes that it stands for.
class vocabulary {
 public:
  /// spellings[id]. A spelling outside the byte alphabet stands for its own UTF-8, and so do the tokens of `added`,
  /// which the encoding does not make. Throws std::invalid_argument where two are equal.
  explicit vocabulary(std::vector<std::string> spellings, std::unordered_set<token_id> const& added = {})
      : spellings_(std::move(spellings)) {
    static constexpr byte_alphabet alphabet;
    bytes_.reserve(spellings_.size());
    for (std::size_t id = 0; id < spellings_.size(); ++id) {
      if (!ids_.emplace(spellings_[id], static_cast<token_id>(id)).second)
        throw std::invalid_argument("census::vocabulary: two tokens are spelled " + escaped_name(spellings_[id]));
      bool const is_added = added.contains(static_cast<token_id>(id));
      auto const bytes = is_added ? std::nullopt : alphabet.read(spellings_[id]);
      bytes_.push_back(bytes.value_or(spellings_[id]));
    }
    for (token_id const id : added) ids_.erase(spellings_.at(id));
  }

  std::size_t size() const { return spellings_.size(); }
  std::string const& spelling(token_id id) const { return spellings_[id]; }
  std::string const& bytes(token_id id) const { return bytes_[id]; }

  /// The token of a spelling, added ones left out.
  std::optional<token_id> find(std::string const& spelling) const {
    auto const found = ids_.find(spelling);
    return found == ids_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::vector<std::string> spellings_, bytes_;
  std::unordered_map<std::string, token_id> ids_;
};

/// spellings[id] from a JSON object of token spellings and ids; `place` names the file. Throws bad_input where the ids
/// of its n tokens are not 0 to n - 1, each once.
inline std::vector<std::string> spellings_by_id(nlohmann::json const& ids, std::string const& place) {
  if (!ids.is_object()) throw bad_input(place, "is no JSON object of tokens and their ids");
  std::vector<std::string> spellings(ids.size());
  std::vector<bool> is_taken(ids.size());
  for (auto const& item : ids.items()) {
    auto const name = [&] { return "token " + escaped_name(item.key()); };
    if (!item.value().is_number_unsigned()) throw bad_input(place, name() + " has no whole number for its id");
    auto const id = item.value().get<std::uint64_t>();
    if (id >= ids.size())
      throw bad_input(place, name() + " has id " + std::to_string(id) + ", but the ids of " +
                                 std::to_string(ids.size()) + " tokens should run from 0 without holes");
    if (is_taken[id])
      throw bad_input(place, name() + " has id " + std::to_string(id) + ", as has " + escaped_name(spellings[id]));
    is_taken[id] = true;
    spellings[id] = item.key();
  }
  return spellings;
}

}  // namespace census
