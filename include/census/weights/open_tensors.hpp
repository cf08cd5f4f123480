// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/npy_file.hpp>

#include <filesystem>

namespace census {

/// The tensors of one file, by its ending: `.safetensors`, or `.npy`, whose one tensor is named by the file's stem.
/// Throws bad_input naming the file.
inline checkpoint open_tensors(std::filesystem::path const& file) {
  if (file.extension() == ".safetensors") return open_safetensors(file);
  if (file.extension() == ".npy") return checkpoint(npy_file(file));
  throw bad_input(file.string(), "is neither .safetensors nor .npy");
}

}  // namespace census
