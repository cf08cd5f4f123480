// SPDX-License-Identifier: MIT
// Small recordings of the toy model, and their indexes changed by hand.
#pragma once

#include <census/activation/block.hpp>
#include <census/archive/whole_file.hpp>
#include <census/content_hash.hpp>
#include <census/ignored.hpp>
#include <census/read_file.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/survey/survey.hpp>

#include <nlohmann/json.hpp>
#include <support/temporary_folder.hpp>
#include <support/toy_model.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace elsewhere {

struct toy_origin {
  struct file {
    std::string path;
    std::uint64_t bytes = 0, hash = 0;
  };
  std::string blas;
  std::vector<file> files;
  census::ignored ignored = {};
};

/// What the toy model was "read" from: a file whose hash tells models apart.
inline toy_origin origin_of(toy_model const& model) {
  return {.blas = "toy products", .files = {{"somewhere/config.json", 17, model.architecture().vocabulary_size}}};
}

}  // namespace elsewhere

namespace census_test {

/// 70 neurons: a row of bits is two words, the second of which ends behind its sixth bit.
inline constexpr std::size_t toy_neurons = 70;

inline float toy_rule(std::uint32_t layer, std::size_t neuron, std::span<census::token_id const> tokens,
                      std::size_t position) {
  return tokens[position] % 70 == (neuron + layer) % 70 ? 1.5f : neuron == 69 && position % 2 == 0 ? 0.5f : -1.f;
}

inline elsewhere::toy_model toy() { return {{.layers = 3, .ffn_size = toy_neurons, .vocabulary_size = 60}, toy_rule}; }
inline elsewhere::toy_corpus toy_text() { return {12, 10, 60}; }

inline census::recording_description
description_of_toy(census::recorded_values values = census::recorded_values::none) {
  auto const corpus = toy_text();
  census::recording_description about{.layers = 3,
                                      .neurons = toy_neurons,
                                      .tokens = corpus.tokens(),
                                      .sequences = corpus.sequences(),
                                      .context = corpus.context(),
                                      .domains = corpus.domains(),
                                      .bos = 2,
                                      .values = values};
  for (auto const& file : origin_of(toy()).files)
    about.model.push_back({.path = file.path, .bytes = file.bytes, .hash = file.hash});
  return about;
}

/// Records the toy model's layers on its text, in files of at most so many bytes: of 16 in a row of firings.
inline void record_toy(std::filesystem::path const& folder,
                       census::recorded_values values = census::recorded_values::none,
                       std::uint64_t shard_bytes = 16 * 35) {
  census::recording_writer writer(folder, description_of_toy(values), shard_bytes);
  bool const keeps = values != census::recorded_values::none;
  for (auto&& layer : layers(toy(), toy_text().texts(), {.layers = {0, 3}, .keep_values = {keeps, keeps}}))
    census::survey(layer, writer);
  writer.commit();
}

inline nlohmann::ordered_json index_of(std::filesystem::path const& folder) {
  return nlohmann::ordered_json::parse(census::read_file(folder / "recording.json"));
}

/// Changes recording.json by hand.
template <class Change>
void change_index(temporary_folder const& folder, Change change) {
  auto index = index_of(folder.path());
  change(index);
  folder.write("recording.json", index.dump());
}

/// Changes the bytes of a file by hand, and tells the index their length and hash, as who forges them would.
template <class Change>
void forge(temporary_folder const& folder, std::string const& name, Change change) {
  auto bytes = census::read_file(folder.path() / name);
  change(bytes);
  folder.write(name, bytes);
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(census::sampled_hash(bytes)));
  change_index(folder, [&](nlohmann::ordered_json& index) {
    auto const tell = [&](nlohmann::ordered_json& file) {
      if (file["file"] == name) file["bytes"] = bytes.size(), file["fnv1a_64"] = hash;
    };
    tell(index["text"]);
    for (auto& shard : index["shards"]) tell(shard);
  });
}

}  // namespace census_test
