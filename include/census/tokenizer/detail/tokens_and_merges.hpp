// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/added_tokens.hpp>
#include <census/tokenizer/detail/byte_alphabet.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/read_merges.hpp>
#include <census/tokenizer/detail/tokenizer_settings.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
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

namespace detail {

/// The added tokens of some settings, each once: special where any file says so, and with the first setting by which
/// it takes along what stands beside it, for which the file that has it is named; normalised as the first file that
/// tells has it.
inline std::vector<added_token> listed_once(tokenizer_settings const& settings) {
  std::vector<added_token> listed;
  std::map<std::string, std::size_t> met;
  auto const say = [](added_token& token, std::string const& takes_along, std::string const& place) {
    if (token.takes_along.empty() && !takes_along.empty()) token.takes_along = takes_along, token.place = place;
  };
  for (added_token const& token : settings.added) {
    auto const [known, is_new] = met.emplace(token.name, listed.size());
    if (is_new) listed.push_back(token);
    listed[known->second].is_special |= token.is_special;
    if (!listed[known->second].normalized) listed[known->second].normalized = token.normalized;
    say(listed[known->second], token.takes_along, token.place);
  }
  for (added_token& token : listed) {
    auto const special = settings.special.find(token.name);
    if (special == settings.special.end()) continue;
    token.is_special = true;
    say(token, special->second.takes_along, special->second.place);
  }
  return listed;
}

}  // namespace detail

/// The tokens of a vocabulary, an object of spellings and ids that `place` names, and the added tokens of `settings`. A
/// text is cut at the names of added tokens, as Hugging Face does, but for those of special ones that the vocabulary
/// has itself, such as `</s>`: no text can end a document by its words. Throws bad_input where ids have holes or occur
/// twice, and where a token that a text is cut at takes along what stands beside it, or does not decode to its name.
inline tokens_and_merges with_added_tokens(nlohmann::json ids, tokenizer_settings const& settings,
                                           std::string const& place) {
  if (!ids.is_object()) throw bad_input(place, "is no JSON object of tokens and their ids");
  std::unordered_set<token_id> beyond;
  for (added_token const& token : settings.added) {
    auto const [known, is_new] = ids.emplace(token.name, token.id);
    if (*known != token.id)
      throw bad_input(token.place, "the added token " + escaped_name(token.name) + " has id " +
                                       std::to_string(token.id) + ", in the vocabulary another");
    if (is_new) beyond.insert(token.id);
  }
  std::vector<added_token> names;
  for (added_token& token : detail::listed_once(settings)) {
    if (token.is_special && !beyond.contains(token.id)) continue;
    if (!token.takes_along.empty())
      throw bad_input(token.place, "the added token " + escaped_name(token.name) + " has the setting \"" +
                                       token.takes_along + "\": true, which would give other ids");
    if (!beyond.contains(token.id) && byte_alphabet().read(token.name).value_or(token.name) != token.name)
      throw bad_input(token.place, "the added token " + escaped_name(token.name) +
                                       " stands for other bytes in the vocabulary: what is encoded would decode to "
                                       "these");
    names.push_back(std::move(token));
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
