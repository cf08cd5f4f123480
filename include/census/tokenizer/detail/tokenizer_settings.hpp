// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/added_tokens.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// What those files say of a token that controls the model, beside its name.
struct special_token {
  std::string takes_along;  ///< as added_token::takes_along
  std::string place;        ///< the file that says so
};

/// What the files beside a vocabulary say of a tokenizer.
struct tokenizer_settings {
  std::optional<std::string> bos, pad;  ///< the names of these tokens
  bool adds_bos = true;                 ///< false: the tokenizer was told to put no BOS before a text
  std::vector<added_token> added;
  std::map<std::string, special_token> special;  ///< tokens that control the model, by name
};

namespace detail {

/// A member of a JSON object; null where there is none.
inline nlohmann::json const& member(nlohmann::json const& object, char const* name) {
  static nlohmann::json const none;
  auto const found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}

/// A JSON object out of a folder's file; null where there is no such file.
inline nlohmann::json read_object(std::filesystem::path const& path) {
  std::error_code missing;
  if (std::filesystem::symlink_status(path, missing).type() == std::filesystem::file_type::not_found) return {};
  auto object = parse_json(read_file(path), path.string());
  if (!object.is_object()) throw bad_input(path.string(), "is no JSON object");
  return object;
}

/// The setting by which a token takes along what stands beside it; empty where it has none.
inline std::string taken_along(nlohmann::json const& token) {
  std::string found;
  for (auto const* setting : {"single_word", "lstrip", "rstrip"})
    if (member(token, setting) == true) found = setting;
  return found;
}

/// An added token as tokenizer.json and tokenizer_config.json describe it. Throws bad_input where it has no name or no
/// id.
inline added_token read_added_token(nlohmann::json const& token, nlohmann::json const& id, std::string const& place) {
  auto const& name = member(token, "content");
  if (!name.is_string() || name == "" || !id.is_number_unsigned() || id.get<std::size_t>() > std::size_t{1} << 24)
    throw bad_input(place, "an added token has no name, or no whole number for its id");
  auto const& normalized = member(token, "normalized");
  return {name.get<std::string>(),
          id.get<token_id>(),
          member(token, "special") == true,
          taken_along(token),
          place,
          normalized.is_boolean() ? std::optional(normalized.get<bool>()) : std::nullopt};
}

/// The name of a special token, as "</s>" or {"content": "</s>", ...}.
inline std::optional<std::string> special_name(nlohmann::json const& token) {
  auto const& name = token.is_object() ? member(token, "content") : token;
  return name.is_string() ? std::optional(name.get<std::string>()) : std::nullopt;
}

/// Takes the special tokens that tokenizer_config.json and special_tokens_map.json name.
inline void read_special_names(nlohmann::json const& file, std::string const& place, tokenizer_settings& settings) {
  auto const take = [&](nlohmann::json const& token) {
    auto name = special_name(token);
    if (!name) return;
    special_token& known = settings.special[*std::move(name)];
    if (known.takes_along.empty()) known = {taken_along(token), place};
  };
  for (auto const* name : {"bos_token", "eos_token", "pad_token", "unk_token", "sep_token", "cls_token", "mask_token"})
    take(member(file, name));
  for (auto const* name : {"additional_special_tokens", "extra_special_tokens"})
    for (auto const& token : member(file, name)) take(token);
  if (!settings.bos) settings.bos = special_name(member(file, "bos_token"));
  if (!settings.pad) settings.pad = special_name(member(file, "pad_token"));
}

/// Reads tokenizer_config.json, refuses what would give other ids, and tells the settings that nothing here knows.
inline void read_tokenizer_config(nlohmann::json const& file, std::string const& place, tokenizer_settings& settings,
                                  ignored& passed_over) {
  // Byte-level BPE of GPT-2's kind; others with vocab.json and merges.txt (CLIP's, Qwen2's) split texts otherwise.
  static constexpr std::array<std::string_view, 8> classes{"GPT2",       "OPT",     "Roberta",    "Bart",
                                                           "Longformer", "GPTNeoX", "PreTrained", "TokenizersBackend"};
  static constexpr std::array<std::string_view, 34> known{
      "add_prefix_space", "add_bos_token", "added_tokens_decoder", "tokenizer_class", "bos_token", "eos_token",
      "pad_token", "unk_token", "sep_token", "cls_token", "mask_token", "additional_special_tokens",
      "extra_special_tokens", "do_lower_case", "split_special_tokens",
      // What changes no ids of a text that is encoded by itself and never cut:
      "model_max_length", "max_length", "max_len", "name_or_path", "special_tokens_map_file", "tokenizer_file",
      "errors", "padding_side", "truncation_side", "truncation_strategy", "stride", "pad_to_multiple_of",
      "pad_token_type_id", "clean_up_tokenization_spaces", "trim_offsets", "chat_template", "use_fast", "backend",
      "is_local"};
  if (auto const name = special_name(member(file, "tokenizer_class")))
    if (std::ranges::none_of(classes, [&](std::string_view known_class) { return name->starts_with(known_class); }))
      throw bad_input(place, "is of a " + escaped_name(*name) + ", only byte-level BPE is read");
  for (auto const* setting : {"add_prefix_space", "do_lower_case", "split_special_tokens"})
    if (member(file, setting) == true)
      throw bad_input(place, "has the setting \"" + std::string(setting) + "\": true, which would give other ids");
  settings.adds_bos = member(file, "add_bos_token") != false;

  auto const& added = member(file, "added_tokens_decoder");
  if (!added.is_null() && !added.is_object()) throw bad_input(place, "its added tokens are no JSON object");
  for (auto const& [id, token] : added.items()) {
    bool const is_number = !id.empty() && id.size() < 9 && id.find_first_not_of("0123456789") == std::string::npos;
    settings.added.push_back(
        read_added_token(token, is_number ? nlohmann::json(std::stoul(id)) : nlohmann::json(), place));
  }
  for (auto const& [name, value] : file.items())
    if (std::ranges::find(known, name) == known.end() && !value.is_null() && value != false)
      passed_over.add("settings of the tokenizer that nothing reads", place + ": " + escaped_name(name));
}

}  // namespace detail

/// Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json, as far as a folder has them. Throws
/// bad_input naming the file where one is malformed, or asks for what would give other ids.
inline tokenizer_settings read_tokenizer_settings(std::filesystem::path const& folder, ignored& passed_over) {
  tokenizer_settings settings;
  auto const config = folder / "tokenizer_config.json", map = folder / "special_tokens_map.json",
             added = folder / "added_tokens.json";
  if (auto const file = detail::read_object(config); !file.is_null()) {
    detail::read_tokenizer_config(file, config.string(), settings, passed_over);
    detail::read_special_names(file, config.string(), settings);
  }
  detail::read_special_names(detail::read_object(map), map.string(), settings);
  auto const ids = detail::read_object(added);
  for (auto const& [name, id] : ids.items())
    settings.added.push_back(detail::read_added_token({{"content", name}}, id, added.string()));
  return settings;
}

}  // namespace census
