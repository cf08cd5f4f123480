// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/weights/detail/lfs_pointer.hpp>
#include <census/weights/mapped_file.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace census {

/// What the index of a sharded checkpoint (`*.index.json`) says: the tensors of each shard, a file beside the index.
using shard_index = std::map<std::string, std::vector<std::string>>;

/// Reads the `weight_map` of an index: an object of tensor names and file names. What else the index holds is not
/// looked at. Throws bad_input naming the index where it is malformed and where a shard's name is no plain file name.
inline shard_index read_shard_index(std::filesystem::path const& path) {
  mapped_file const file(path);
  refuse_lfs_pointer(file);
  auto const json = parse_json(file.text(), file.place());
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
    throw bad_input(file.place(), "has no object \"weight_map\"");
  shard_index shards;
  for (auto const& [tensor, shard] : json["weight_map"].items()) {
    auto const* const name = shard.get_ptr<std::string const*>();
    if (name == nullptr) throw bad_input(file.place(), "the shard of tensor " + escaped_name(tensor) + " is no name");
    if (name->empty() || *name == "." || *name == ".." || name->find_first_of(std::string("/\\\0", 3)) != name->npos)
      throw bad_input(file.place(), "the shard " + escaped_name(*name) + " is no name of a file beside the index");
    shards[*name].push_back(tensor);
  }
  if (shards.empty()) throw bad_input(file.place(), "names no tensors");
  return shards;
}

}  // namespace census
