// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/weights/mapped_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace census::detail {

inline constexpr char const* recording_index_name = "recording.json";
inline constexpr char const* recorded_text_name = "text.safetensors";

/// The file of a shard, the `number`th of a layer: firings-LAYER-NUMBER.safetensors, or values-...
inline std::string shard_name(std::string_view what, std::uint32_t layer, std::size_t number) {
  std::string name(what);
  return name.append(1, '-')
      .append(std::to_string(layer))
      .append(1, '-')
      .append(std::to_string(number))
      .append(".safetensors");
}

/// Whether a file of this name is one that a recording writes.
inline bool is_recording_file(std::string_view name) {
  if (name == recording_index_name || name == recorded_text_name) return true;
  std::string_view const behind = ".safetensors";
  if (!name.ends_with(behind)) return false;
  name.remove_suffix(behind.size());
  for (std::string_view const before : {"firings-", "values-"}) {
    if (!name.starts_with(before)) continue;
    name.remove_prefix(before.size());
    auto const dash = std::min(name.find('-'), name.size());
    auto const layer = name.substr(0, dash), number = name.substr(std::min(dash + 1, name.size()));
    auto const is_number = [](std::string_view digits) {
      return !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
    };
    return is_number(layer) && is_number(number);
  }
  return false;
}

/// The sampled_hash of a file's bytes; what it maps of them leaves memory again, piece by piece.
inline std::uint64_t hash_of(mapped_file const& file) {
  auto before = file.bytes().first(0);
  auto const hash = sampled_hash(file.bytes().size(), [&](std::uint64_t first, std::uint64_t count) {
    file.drop(before);
    before = file.bytes().subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
    file.advise_needed(before);
    return file.text().substr(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  });
  file.drop(before);
  return hash;
}

}  // namespace census::detail
