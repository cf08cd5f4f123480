// SPDX-License-Identifier: MIT
#pragma once

#include <census/weights/detail/safetensors.hpp>

#include <support/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace census_test {

/// The values of one tensor of a file, whose shape is checked.
template <class T>
std::vector<T> read_tensor(census::safetensors_file const& file, std::string const& name,
                           std::vector<std::size_t> const& shape) {
  for (auto const& tensor : file.tensors())
    if (tensor.name == name) {
      CHECK(std::vector<std::size_t>(tensor.shape.begin(), tensor.shape.end()) == shape);
      std::vector<T> values(tensor.bytes.size() / sizeof(T));
      std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
      return values;
    }
  FAIL("no tensor " << name);
  return {};
}

}  // namespace census_test
