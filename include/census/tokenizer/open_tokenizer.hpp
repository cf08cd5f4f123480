// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/byte_alphabet.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/read_tokenizer_json.hpp>
#include <census/tokenizer/detail/tokenizer_settings.hpp>
#include <census/tokenizer/detail/tokens_and_merges.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>

namespace census {

namespace detail {

inline bool has_file(std::filesystem::path const& folder, char const* name) {
  std::error_code missing;
  return std::filesystem::symlink_status(folder / name, missing).type() != std::filesystem::file_type::not_found;
}

/// The token of each byte. Throws bad_input naming the file where a byte has none.
inline std::array<token_id, 256> byte_tokens(vocabulary const& tokens, std::string const& place) {
  std::array<token_id, 256> found;
  for (std::size_t byte = 0; byte < found.size(); ++byte) {
    auto const spelling = byte_alphabet().spell(std::string(1, static_cast<char>(byte)));
    auto const id = tokens.find(spelling);
    if (!id)
      throw bad_input(place,
                      "the byte " + std::to_string(byte) + " has no token: " + escaped_name(spelling) + " is missing");
    found[byte] = *id;
  }
  return found;
}

/// Throws bad_input where tokenizer.json says something else than vocab.json and merges.txt beside it: of programs that
/// read such a folder, some take the one, some the others.
inline void check_they_agree(tokens_and_merges const& one, tokens_and_merges const& other, std::string const& place) {
  std::string const cause = "is not of the same tokenizer as vocab.json and merges.txt: ";
  if (one.tokens.size() != other.tokens.size())
    throw bad_input(place, cause + std::to_string(one.tokens.size()) + " tokens here, " +
                               std::to_string(other.tokens.size()) + " there");
  for (token_id id = 0; id < one.tokens.size(); ++id)
    if (one.tokens.spelling(id) != other.tokens.spelling(id))
      throw bad_input(place, cause + "token " + std::to_string(id) + " is " + escaped_name(one.tokens.spelling(id)) +
                                 " here, " + escaped_name(other.tokens.spelling(id)) + " there");
  if (one.merges != other.merges) throw bad_input(place, cause + "their merges differ");
}

/// Reads what files of a tokenizer a folder has.
inline tokens_and_merges read_tokens(std::filesystem::path const& folder, tokenizer_settings& settings,
                                     ignored& passed_over) {
  auto const path = folder / "tokenizer.json";
  if (!has_file(folder, "tokenizer.json")) return read_vocabulary_and_merges(folder, settings);
  auto read = read_tokenizer_json(path, settings, passed_over);
  if (has_file(folder, "vocab.json") || has_file(folder, "merges.txt"))
    check_they_agree(read, read_vocabulary_and_merges(folder, settings), path.string());
  return read;
}

/// The id of a token that a setting names; nothing where none does. Throws bad_input where there is no such token.
inline std::optional<token_id> id_of(std::optional<std::string> const& name, char const* setting,
                                     vocabulary const& tokens, std::filesystem::path const& folder) {
  if (!name) return std::nullopt;
  for (token_id id = 0; id < tokens.size(); ++id)
    if (tokens.spelling(id) == *name) return id;
  throw bad_input(folder.string(), std::string("the tokenizer's ") + setting + " " + escaped_name(*name) +
                                       " is no token of its vocabulary");
}

/// Tells the special tokens of the settings that no file gives an id. Programs that read such a folder may add them
/// behind the vocabulary; here their names in a text are words like any other.
inline void tell_tokens_without_id(tokenizer_settings const& settings, vocabulary const& tokens, ignored& passed_over) {
  std::unordered_set<std::string_view> known;
  for (token_id id = 0; id < tokens.size(); ++id) known.insert(tokens.spelling(id));
  for (auto const& [name, special] : settings.special)
    if (!known.contains(name))
      passed_over.add("special tokens that are no tokens of the vocabulary", special.place + ": " + escaped_name(name));
}

}  // namespace detail

/// Whether a folder holds any file of a tokenizer.
inline bool has_tokenizer(std::filesystem::path const& folder) {
  return std::ranges::any_of(std::array{"vocab.json", "merges.txt", "tokenizer.json"},
                             [&](char const* name) { return detail::has_file(folder, name); });
}

/// The id of a token that a model's config tells, or that is assumed where it tells none.
struct config_token {
  config_token(std::optional<token_id> told = {}, bool assumed = false) : id(told), is_assumed(assumed) {}
  config_token(token_id told) : id(told) {}

  std::optional<token_id> id;
  bool is_assumed = false;
};

/// Opens the tokenizer of a Hugging Face folder: `vocab.json` and `merges.txt`, or `tokenizer.json` (where all are
/// there, they have to agree), with what `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json`
/// add. `bos` and `pad` are those of the model's config: where the tokenizer names others, those are taken. That is
/// told among `ignored` where the config tells them, as are special tokens that files name and none gives an id.
///
/// Throws bad_input naming file and cause where a file is missing or malformed, a byte has no token, an id is outside
/// the vocabulary, or a setting asks for ids that this tokenizer does not give.
inline tokenizer open_tokenizer(std::filesystem::path const& folder, config_token of_bos = {},
                                config_token of_pad = {}) {
  ignored passed_over;
  auto settings = read_tokenizer_settings(folder, passed_over);
  auto [tokens, names, merges] = detail::read_tokens(folder, settings, passed_over);
  auto const place = (folder / (detail::has_file(folder, "vocab.json") ? "vocab.json" : "tokenizer.json")).string();
  byte_pair_encoding encoding(detail::byte_tokens(tokens, place), merges);

  auto const settled = [&](config_token told, std::optional<std::string> const& name, char const* setting) {
    auto const named = detail::id_of(name, setting, tokens, folder);
    if (named && told.id && *named != *told.id && !told.is_assumed)
      passed_over.add("settings of the model's config that its tokenizer contradicts",
                      (folder / "config.json").string() + ": " + setting + "_id is " + std::to_string(*told.id) +
                          ", but the tokenizer's " + setting + " " + escaped_name(*name) + " is " +
                          std::to_string(*named) + ", which is taken");
    return named ? named : told.id;
  };
  auto const bos = settled(of_bos, settings.bos, "bos_token");
  auto pad = settled(of_pad, settings.pad, "pad_token");
  detail::tell_tokens_without_id(settings, tokens, passed_over);
  if (bos && *bos >= tokens.size())
    throw bad_input(place, "the model's bos id " + std::to_string(*bos) + " is outside the vocabulary of " +
                               std::to_string(tokens.size()) + " tokens");
  if (pad && *pad >= tokens.size()) pad.reset();
  return {
      std::move(tokens), std::move(encoding), {bos, settings.adds_bos, pad, std::move(names), std::move(passed_over)}};
}

}  // namespace census
