// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/added_tokens.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/read_merges.hpp>
#include <census/tokenizer/detail/tokenizer_settings.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace census {

/// What a byte-level byte-pair encoding is made of.
struct tokens_and_merges {
  vocabulary tokens;
  std::vector<added_token> names;  ///< that a text is cut at
  std::vector<token_merge> merges;
};

/// The tokens of a vocabulary, an object of spellings and ids that `place` names, and the added tokens of `settings`. A
/// text is cut at the names of added tokens, as Hugging Face does, but for those of special ones that the vocabulary
/// has itself, such as `</s>`: no text can end a document by its words. Throws bad_input where ids have holes or occur
/// twice, and where a token that a text is cut at takes along what stands beside it.
inline tokens_and_merges with_added_tokens(nlohmann::json ids, tokenizer_settings const& settings,
                                           std::string const& place) {
  if (!ids.is_object()) throw bad_input(place, "is no JSON object of tokens and their ids");
  std::unordered_set<token_id> beyond;
  std::set<std::string> met;
  std::vector<added_token> names;
  for (added_token const& token : settings.added) {
    auto const escaped = escaped_name(token.name);
    auto const [known, is_new] = ids.emplace(token.name, token.id);
    if (*known != token.id)
      throw bad_input(token.place, "the added token " + escaped + " has id " + std::to_string(token.id) +
                                       ", in the vocabulary another");
    if (is_new) beyond.insert(token.id);
    bool const is_special = token.is_special || settings.special.contains(token.name);
    if ((is_special && !beyond.contains(token.id)) || !met.insert(token.name).second) continue;
    if (!token.takes_along.empty())
      throw bad_input(token.place, "the added token " + escaped + " has the setting \"" + token.takes_along +
                                       "\": true, which would give other ids");
    names.push_back(token);
  }
  return {vocabulary(spellings_by_id(ids, place), beyond), std::move(names), {}};
}

/// Reads `vocab.json`, an object of token spellings and ids, and `merges.txt`. Throws bad_input naming the file where
/// one is missing or malformed, or where the ids of n tokens are not 0 to n - 1, each once.
inline tokens_and_merges read_vocabulary_and_merges(std::filesystem::path const& folder,
                                                    tokenizer_settings const& settings) {
  auto const path = folder / "vocab.json";
  auto read = with_added_tokens(parse_json(read_file(path), path.string()), settings, path.string());
  read.merges = read_merges(folder / "merges.txt", read.tokens);
  return read;
}

}  // namespace census
