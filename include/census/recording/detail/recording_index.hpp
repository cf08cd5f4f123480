// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/json.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/recording_description.hpp>
#include <census/version.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// The version of the format that is written, and the only one that is read.
inline constexpr std::uint64_t recording_version = 1;

/// The files of firings and values that a recording has at most, so that its index can be read at once.
inline constexpr std::uint64_t most_shards = 1 << 15;

/// A file of a recording, by what it has to be: another one, or a part of it, is refused.
struct stored_file {
  std::string name;
  std::uint64_t bytes = 0, hash = 0;  ///< hash: sampled_hash
};

/// Some rows of one tensor of a layer: "firings", or "values".
struct stored_shard {
  std::string tensor;
  std::uint32_t layer = 0;
  std::uint64_t first_row = 0, rows = 0;
  stored_file file;
};

/// All that recording.json says.
struct recording_index {
  recording_description about;
  stored_file text;
  std::vector<stored_shard> shards;  ///< of each tensor, ascending by layer and row
  std::uint64_t hash = 0;            ///< content_hash of the bytes that it was read from
};

/// What recording.json calls the values.
inline constexpr std::array<char const*, 3> names_of_values{"none", "activations", "pre-activations"};

/// Writes recording.json; `files` are all that the recording consists of.
inline void write_recording_index(std::ostream& out, recording_index const& index, std::set<std::string> const& files) {
  using json = nlohmann::ordered_json;
  recording_description const& about = index.about;
  auto const stored = [](stored_file const& file) {
    return json{{"file", file.name}, {"bytes", file.bytes}, {"fnv1a_64", hash_digits(file.hash)}};
  };
  auto const made_from = [](std::vector<recorded_file> const& listed) {
    json all = json::array();
    for (recorded_file const& file : listed) {
      json one{{"path", file.path}, {"bytes", file.bytes}, {"fnv1a_64", hash_digits(file.hash)}};
      if (!file.domain.empty()) one["domain"] = file.domain;
      if (file.splits) one["splits"] = *file.splits;
      all.push_back(std::move(one));
    }
    return all;
  };
  json shards = json::array(), settings = json::object();
  for (stored_shard const& shard : index.shards) {
    json one{{"tensor", shard.tensor}, {"layer", shard.layer}, {"first_row", shard.first_row}, {"rows", shard.rows}};
    one.update(stored(shard.file));
    shards.push_back(std::move(one));
  }
  for (auto const& [name, value] : about.settings) settings[name] = value;
  json const record{{"census", version},
                    {"recording", recording_version},
                    {"model", made_from(about.model)},
                    {"texts", made_from(about.texts)},
                    {"blas", about.blas},
                    {"settings", std::move(settings)},
                    {"first_layer", about.first_layer},
                    {"layers", about.layers},
                    {"neurons", about.neurons},
                    {"tokens", about.tokens},
                    {"sequences", about.sequences},
                    {"context", about.context},
                    {"bos", about.bos ? json(*about.bos) : json()},
                    {"domains", about.domains},
                    {"values", names_of_values.at(static_cast<std::size_t>(about.values))},
                    {"text", stored(index.text)},
                    {"shards", std::move(shards)},
                    {"files", files}};
  out << json_text(record, 2) << '\n';
}

}  // namespace census::detail
