// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/tensor.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace census {

/// Where an array is stored: a file, `.safetensors` or `.npy`, and the tensor's name in it. The name may be left out
/// where the file holds one tensor.
struct stored_array {
  std::filesystem::path file;
  std::string name = {};

  stored_array(std::string path, std::string tensor = {}) : file(std::move(path)), name(std::move(tensor)) {}
  stored_array(std::filesystem::path path, std::string tensor = {}) : file(std::move(path)), name(std::move(tensor)) {}
  stored_array(char const* path, std::string tensor = {}) : file(path), name(std::move(tensor)) {}
};

/// Where an array is stored, or nothing. As a member of options it takes all that a stored_array takes, `{file, name}`
/// among it, which a std::optional does not.
class optional_array : public std::optional<stored_array> {
 public:
  using std::optional<stored_array>::optional;
  optional_array() = default;
  optional_array(std::filesystem::path path, std::string tensor)
      : std::optional<stored_array>(std::in_place, std::move(path), std::move(tensor)) {}
};

/// The tensor of that name; of a file with one tensor, that one where the name is empty. Throws bad_input naming the
/// file.
inline tensor const& find_array(checkpoint const& file, stored_array const& array) {
  if (!array.name.empty()) return file.at(array.name);
  if (file.tensors().size() != 1)
    throw bad_input(array.file.string(),
                    "holds " + std::to_string(file.tensors().size()) + " tensors: which one, is to be told");
  return file.tensors().front();
}

}  // namespace census
