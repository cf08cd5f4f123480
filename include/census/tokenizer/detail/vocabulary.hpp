// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/byte_alphabet.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// The tokens of a model: each has an id, a spelling in the byte alphabet, and the bytes that it stands for.
class vocabulary {
 public:
  /// spellings[id]. A spelling outside the byte alphabet stands for its own UTF-8, and so do all from the id
  /// `first_verbatim` on. Throws std::invalid_argument where two are equal.
  explicit vocabulary(std::vector<std::string> spellings, std::size_t first_verbatim = ~std::size_t{})
      : spellings_(std::move(spellings)) {
    static constexpr byte_alphabet alphabet;
    bytes_.reserve(spellings_.size());
    for (std::size_t id = 0; id < spellings_.size(); ++id) {
      if (!ids_.emplace(spellings_[id], static_cast<token_id>(id)).second)
        throw std::invalid_argument("census::vocabulary: two tokens are spelled " + escaped_name(spellings_[id]));
      auto const bytes = id < first_verbatim ? alphabet.read(spellings_[id]) : std::nullopt;
      bytes_.push_back(bytes.value_or(spellings_[id]));
    }
  }

  std::size_t size() const { return spellings_.size(); }
  std::string const& spelling(token_id id) const { return spellings_[id]; }
  std::string const& bytes(token_id id) const { return bytes_[id]; }

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

/// Reads `vocab.json`, an object of token spellings and ids. Throws bad_input naming the file where it is missing or
/// malformed, or where the ids of its n tokens are not 0 to n - 1, each once.
inline vocabulary read_vocabulary(std::filesystem::path const& path) {
  return vocabulary(spellings_by_id(parse_json(read_file(path), path.string()), path.string()));
}

}  // namespace census
