// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/tokenizer/detail/read_merges.hpp>
#include <census/tokenizer/detail/tokenizer_settings.hpp>
#include <census/tokenizer/detail/tokens_and_merges.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// What kind a part of tokenizer.json says it is.
inline std::string type_of_part(nlohmann::json const& part) {
  auto const& name = member(part, "type");
  return name.is_string() ? name.get<std::string>() : name.dump();
}

/// Throws bad_input where a part of tokenizer.json would give other ids than GPT-2's byte-level byte-pair encoding.
inline void check_is_byte_level(nlohmann::json const& file, std::string const& place) {
  auto const only = std::string("only byte-level BPE is read");
  auto const type = type_of_part;
  auto const& model = member(file, "model");
  if (!model.is_object()) throw bad_input(place, "has no model of a tokenizer");
  bool const is_old =
      member(model, "type").is_null() && member(model, "merges").is_array();  // GPT-2's own says no type
  if (!is_old && type(model) != "BPE")
    throw bad_input(place, "is a tokenizer of the type " + escaped_name(type(model)) + ", " + only);
  if (!member(file, "normalizer").is_null())
    throw bad_input(place, "has a normalizer, " + escaped_name(type(member(file, "normalizer"))) + ", " + only);
  for (auto const* part : {"pre_tokenizer", "decoder"})
    if (type(member(file, part)) != "ByteLevel" && !(part == std::string("decoder") && member(file, part).is_null()))
      throw bad_input(place,
                      "has the " + std::string(part) + " " + escaped_name(type(member(file, part))) + ", " + only);

  auto const expect = [&](nlohmann::json const& part, char const* name, bool (*is_read)(nlohmann::json const&)) {
    if (auto const& value = member(part, name); !is_read(value))
      throw bad_input(place, "has the setting \"" + std::string(name) + "\": " + escaped_name(value.dump()) +
                                 ", which would give other ids");
  };
  auto const off = [](nlohmann::json const& value) { return value.is_null() || value == false || value == 0; };
  auto const none = [](nlohmann::json const& value) { return value.is_null() || value == ""; };
  expect(member(file, "pre_tokenizer"), "add_prefix_space", [](auto const& value) { return value == false; });
  expect(member(file, "pre_tokenizer"), "use_regex",
         [](auto const& value) { return value.is_null() || value == true; });
  for (auto const* name : {"dropout", "byte_fallback", "ignore_merges"}) expect(model, name, off);
  for (auto const* name : {"continuing_subword_prefix", "end_of_word_suffix"}) expect(model, name, none);
}

/// What a post-processor puts before and behind each text, by name.
struct tokens_around {
  std::vector<std::string> before = {}, behind = {};
  std::vector<std::string> unknown = {};  ///< post-processors of a kind that is not read
};

/// Puts what a post-processor puts around a text around what those before it do.
inline void add_tokens_around(nlohmann::json const& processor, tokens_around& text) {
  tokens_around found;
  bool is_known = true;
  auto const type = type_of_part(processor);
  if (type == "Sequence") {
    for (auto const& part : member(processor, "processors")) add_tokens_around(part, text);
  } else if (type == "RobertaProcessing" || type == "BertProcessing") {  // each token is a name and an id
    for (auto const& [name, where] : {std::pair("cls", &found.before), std::pair("sep", &found.behind)}) {
      auto const& token = member(processor, name);
      is_known = is_known && token.is_array() && !token.empty() && token[0].is_string();
      if (is_known) where->push_back(token[0].get<std::string>());
    }
  } else if (type == "TemplateProcessing") {
    bool is_behind = false;
    for (auto const& part : member(processor, "single")) {
      is_behind = is_behind || !member(part, "Sequence").is_null();
      auto const& name = member(member(part, "SpecialToken"), "id");
      if (name.is_string()) (is_behind ? found.behind : found.before).push_back(name.get<std::string>());
    }
  } else {
    is_known = type == "ByteLevel";  // which changes no ids
  }
  if (!is_known) return text.unknown.push_back(type);
  text.before.insert(text.before.begin(), found.before.begin(), found.before.end());
  text.behind.insert(text.behind.end(), found.behind.begin(), found.behind.end());
}

/// Takes the first token that tokenizer.json's post-processor puts before a text as the BOS, where no other file names
/// one. What else it puts before or behind a text is told as ignored, and so is one of a kind that is not known.
inline void read_post_processor(nlohmann::json const& processor, std::string const& place, tokenizer_settings& settings,
                                ignored& passed_over) {
  if (processor.is_null()) return;
  tokens_around text;
  add_tokens_around(processor, text);
  auto const tell = [&](std::string const& what) {
    passed_over.add("settings of the tokenizer that nothing reads", place + ": " + what);
  };
  for (auto const& type : text.unknown) tell("the post-processor " + escaped_name(type));
  if (!settings.bos && !text.before.empty()) settings.bos = text.before.front();
  auto const put = settings.adds_bos ? std::ranges::find(text.before, settings.bos) : text.before.end();
  for (auto token = text.before.begin(); token != text.before.end(); ++token)
    if (token != put) tell("puts " + escaped_name(*token) + " before each text");
  for (auto const& name : text.behind) tell("puts " + escaped_name(name) + " behind each text");
}

}  // namespace detail

/// Reads the `tokenizer.json` of a byte-level byte-pair encoding: the model's vocabulary and merges (["LEFT", "RIGHT"]
/// or "LEFT RIGHT", by rank), the added tokens, and what is put before a text. Truncation and padding are not applied,
/// as encode adds nothing. Throws bad_input naming the file where it is malformed, is of another kind or has a setting
/// that would give other ids; where the ids of vocabulary and added tokens together have holes or occur twice; where a
/// merge names an unknown token or occurs twice.
inline tokens_and_merges read_tokenizer_json(std::filesystem::path const& path, tokenizer_settings& settings,
                                             ignored& passed_over) {
  std::string const place = path.string();
  auto file = parse_json(read_file(path), place);
  detail::check_is_byte_level(file, place);
  auto ids = std::move(file["model"]["vocab"]);
  if (!ids.is_object()) throw bad_input(place, "has no vocabulary, an object of tokens and their ids");

  auto const& added = detail::member(file, "added_tokens");
  if (!added.is_null() && !added.is_array()) throw bad_input(place, "its added tokens are no list");
  for (auto const& token : added)
    settings.added.push_back(detail::read_added_token(token, detail::member(token, "id"), place));
  detail::read_post_processor(detail::member(file, "post_processor"), place, settings, passed_over);
  auto read = with_added_tokens(std::move(ids), settings, place);

  auto const& pairs = detail::member(file["model"], "merges");
  if (!pairs.is_array()) throw bad_input(place, "has no list of merges");
  merge_list merges(read.tokens);
  for (std::size_t rank = 0; rank < pairs.size(); ++rank) {
    auto const& pair = pairs[rank];
    auto const at = place + ": merge " + std::to_string(rank);
    if (pair.is_string()) {
      merges.add(pair.get_ref<std::string const&>(), at);
    } else if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
      merges.add(pair[0].get_ref<std::string const&>(), pair[1].get_ref<std::string const&>(), at);
    } else {
      throw bad_input(at, "a merge is two tokens");
    }
  }
  read.merges = merges.merges();
  return read;
}

}  // namespace census
