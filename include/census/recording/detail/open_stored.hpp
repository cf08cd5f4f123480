// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/open_tensors.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace census::detail {

/// Opens a file of a recording. Throws bad_input naming it where it is not the one that the index tells of: cut short,
/// of another recording, or exchanged for another shard.
inline checkpoint open_stored(std::filesystem::path const& folder, stored_file const& expected) {
  auto const path = folder / expected.name;
  std::error_code missing;
  if (!std::filesystem::exists(path, missing))
    throw bad_input(path.string(), std::string("is missing, which ") + recording_index_name + " says is here");
  mapped_file const whole(path);
  if (whole.bytes().size() != expected.bytes)
    throw bad_input(path.string(), "has " + std::to_string(whole.bytes().size()) + " bytes where " +
                                       recording_index_name + " says " + std::to_string(expected.bytes));
  if (hash_of(whole) != expected.hash)
    throw bad_input(path.string(), std::string("is not the file that ") + recording_index_name +
                                       " tells of: its bytes have another hash");
  return open_safetensors(path);
}

/// A tensor of such a file, as it has to be: its type and its shape.
inline tensor const& expect_tensor(checkpoint const& file, char const* name, dtype type,
                                   std::vector<std::size_t> const& shape) {
  tensor const& found = file.at(name);
  if (found.type != type) refuse_tensor(found, std::string("is of type ") + name_of(found.type));
  if (found.shape != shape) {
    std::string expected;
    for (std::size_t const extent : shape) expected += (expected.empty() ? "" : ", ") + std::to_string(extent);
    refuse_tensor(found, "is not of the shape [" + expected + "]");
  }
  return found;
}

}  // namespace census::detail
