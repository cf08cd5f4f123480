// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/parse_number.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/stored_array.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/open_tensors.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace census::detail {

/// A name in which {} stands for a layer's number.
class layer_pattern {
 public:
  static constexpr std::string_view blank = "{}";

  /// Throws bad_input, naming `place`, where {} stands in it twice.
  layer_pattern(std::string pattern, std::string const& place)
      : pattern_(std::move(pattern)), at_(pattern_.find(blank)) {
    if (has_number() && pattern_.find(blank, at_ + 1) != pattern_.npos)
      throw bad_input(place, "{} stands for the layer's number, once");
  }

  bool has_number() const { return at_ != pattern_.npos; }

  /// The pattern with the number in its place.
  std::string with(std::uint32_t number) const {
    return has_number() ? before() + std::to_string(number) + after() : pattern_;
  }

  /// The number that stands in a name; nothing where the name does not fit the pattern.
  std::optional<std::uint32_t> number_in(std::string_view name) const {
    if (!has_number() || !name.starts_with(before()) || !name.ends_with(after())) return std::nullopt;
    if (name.size() < pattern_.size() - blank.size() + 1) return std::nullopt;
    std::string_view const digits = name.substr(at_, name.size() - pattern_.size() + blank.size());
    auto const number = parse_number<std::uint32_t>(digits);
    return number && std::to_string(*number) == digits ? number : std::nullopt;  // 01 is another name
  }

 private:
  std::string before() const { return pattern_.substr(0, at_); }
  std::string after() const { return pattern_.substr(at_ + blank.size()); }

  std::string pattern_;
  std::size_t at_;
};

/// A layer's activations as they are stored. The file stays mapped.
struct stored_layer {
  checkpoint file;
  tensor values;
};

/// Finds the layers of a recording, by number. In the file's name, in the tensor's or in both {} stands for a layer's
/// number; where it stands in neither, the array is layer 0. Throws bad_input naming the file or folder where it cannot
/// be read or no layer is found.
inline std::map<std::uint32_t, stored_layer> find_layers(stored_array const& where) {
  std::string const place = where.file.string();
  std::error_code missing;
  if (std::filesystem::exists(where.file / recording_index_name, missing))
    throw bad_input(place, "was recorded by census: census::firings_recording opens it");
  layer_pattern const file(where.file.filename().string(), place), name(where.name, place);
  std::map<std::uint32_t, stored_layer> layers;
  auto const add = [&](std::uint32_t number, checkpoint const& opened, stored_array const& array) {
    layers.emplace(number, stored_layer{opened, find_array(opened, array)});
  };

  if (file.has_number()) {
    auto const folder = where.file.has_parent_path() ? where.file.parent_path() : std::filesystem::path(".");
    std::error_code error;
    for (std::filesystem::directory_iterator here(folder, error), end; !error && here != end; here.increment(error))
      if (auto const number = file.number_in(here->path().filename().string()))
        add(*number, open_tensors(here->path()), {here->path(), name.with(*number)});
    if (error)
      throw bad_input(place, "its folder " + escaped_name(folder.string()) + " cannot be read: " + error.message());
  } else if (name.has_number()) {
    auto const opened = open_tensors(where.file);
    for (tensor const& one : opened.tensors())
      if (auto const number = name.number_in(one.name)) layers.emplace(*number, stored_layer{opened, one});
  } else if (place.find(layer_pattern::blank) != place.npos) {
    throw bad_input(place, "{} stands for a layer's number in the file's name or the tensor's, not in a folder's");
  } else {
    add(0, open_tensors(where.file), where);
  }
  if (layers.empty())
    throw bad_input(place, where.name.empty() || !name.has_number()
                               ? "there is no such file, for no number in place of {}"
                               : "holds no tensor " + escaped_name(where.name) + ", for no number in place of {}");
  return layers;
}

}  // namespace census::detail
