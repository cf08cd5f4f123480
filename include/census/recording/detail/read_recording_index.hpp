// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/recording/recording_description.hpp>
#include <census/token_id.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// Fields of recording.json, each checked; messages name the file and the field.
class index_reader {
 public:
  index_reader(nlohmann::json const& object, std::string const& place) : object_(object), place_(place) {
    if (!object.is_object()) refuse("is no JSON object where one is expected");
  }

  [[noreturn]] void refuse(std::string const& cause) const { throw bad_input(place_, cause); }

  nlohmann::json const& at(char const* name) const {
    auto const found = object_.find(name);
    if (found == object_.end()) refuse(escaped_name(name) + " is missing");
    return *found;
  }
  bool has(char const* name) const { return object_.contains(name) && !object_.at(name).is_null(); }

  std::uint64_t count(char const* name, std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const {
    auto const& value = at(name);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most)
      refuse(escaped_name(name) + " is no whole number" +
             (most == std::numeric_limits<std::uint64_t>::max() ? "" : " up to " + std::to_string(most)));
    return value.get<std::uint64_t>();
  }

  std::string text(char const* name) const {
    auto const& value = at(name);
    if (!value.is_string()) refuse(escaped_name(name) + " is no string");
    return value.get<std::string>();
  }

  /// Calls visit(element) for each of a list.
  template <class Visit>
  void each(char const* name, Visit visit) const {
    auto const& list = at(name);
    if (!list.is_array()) refuse(escaped_name(name) + " is no list");
    for (auto const& element : list) visit(element);
  }

  std::uint64_t hash() const {
    auto const digits = text("fnv1a_64");
    auto const value = hash_of_digits(digits);
    if (!value) refuse("the hash " + escaped_name(digits, 40) + " is none");
    return *value;
  }

  /// A file of the recording: a name in its folder, and one that recordings write.
  stored_file file() const {
    auto const name = text("file");
    if (!is_recording_file(name)) refuse("the file " + escaped_name(name) + " is none of a recording's");
    return {name, count("bytes"), hash()};
  }

 private:
  nlohmann::json const& object_;
  std::string const& place_;
};

inline std::vector<recorded_file> read_made_from(index_reader const& index, char const* name,
                                                 std::string const& place) {
  std::vector<recorded_file> files;
  index.each(name, [&](nlohmann::json const& element) {
    index_reader const one(element, place);
    recorded_file file{.path = one.text("path"), .bytes = one.count("bytes"), .hash = one.hash()};
    if (one.has("domain")) file.domain = one.text("domain");
    if (one.has("splits")) file.splits = one.count("splits");
    files.push_back(std::move(file));
  });
  return files;
}

inline recorded_values read_values_kind(index_reader const& index) {
  auto const name = index.text("values");
  auto const found = std::ranges::find(names_of_values, name);
  if (found == names_of_values.end()) index.refuse("\"values\" is " + escaped_name(name) + ", which is not known");
  return static_cast<recorded_values>(found - names_of_values.begin());
}

inline recording_description read_description(index_reader const& index, std::string const& place) {
  constexpr std::uint64_t most_layers = 1 << 16, most_rows = std::uint64_t{1} << 48,
                          most_32 = std::numeric_limits<std::uint32_t>::max();
  recording_description about{.first_layer = static_cast<std::uint32_t>(index.count("first_layer", most_layers)),
                              .layers = index.count("layers", most_layers),
                              .neurons = index.count("neurons", most_32),
                              .tokens = index.count("tokens", most_rows),
                              .sequences = index.count("sequences", most_rows),
                              .context = index.count("context", most_32),
                              .domains = {},
                              .values = read_values_kind(index),
                              .model = read_made_from(index, "model", place),
                              .texts = read_made_from(index, "texts", place),
                              .blas = index.text("blas")};
  auto const& settings = index.at("settings");
  if (!settings.is_object()) index.refuse("\"settings\" are no JSON object");
  if (about.layers == 0 || about.neurons == 0) index.refuse("it is of no layers, or of layers without neurons");
  if (index.has("bos")) about.bos = static_cast<token_id>(index.count("bos", no_token - 1));
  index.each("domains", [&](nlohmann::json const& name) {
    if (!name.is_string()) index.refuse("a domain's name is no string");
    about.domains.push_back(name.get<std::string>());
  });
  for (auto const& [name, value] : settings.items()) {
    if (!value.is_string()) index.refuse("the setting " + escaped_name(name) + " is no string");
    about.settings.emplace_back(name, value.get<std::string>());
  }
  return about;
}

/// Reads recording.json, which is not trusted: what it says of itself is checked, what it says of other files is still
/// to be. Throws bad_input naming it, and the field; of another version of the format it names the version.
inline recording_index read_recording_index(std::filesystem::path const& path) {
  constexpr std::uint64_t longest = 16 << 20;  // some hundred thousand shards
  std::string const place = path.string();
  auto const bytes = read_file(path, longest);
  auto const json = parse_json(bytes, place);
  index_reader const reader(json, place);
  if (!reader.has("recording")) reader.refuse("no recording of census says so of itself: \"recording\" is missing");
  if (auto const version = reader.count("recording"); version != recording_version)
    reader.refuse("is of version " + std::to_string(version) + " of the format; what is read is version " +
                  std::to_string(recording_version));
  recording_index index{.about = read_description(reader, place),
                        .text = index_reader(reader.at("text"), place).file(),
                        .shards = {},
                        .hash = content_hash(bytes)};
  reader.each("shards", [&](nlohmann::json const& element) {
    index_reader const one(element, place);
    index.shards.push_back({one.text("tensor"),
                            static_cast<std::uint32_t>(one.count("layer", std::numeric_limits<std::uint32_t>::max())),
                            one.count("first_row"), one.count("rows"), one.file()});
  });
  return index;
}

}  // namespace census::detail
