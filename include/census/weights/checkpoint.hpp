// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/weights/json.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/safetensors.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// The tensors of a model's folder by name, whatever files hold them; views into mappings that the handle keeps alive.
class checkpoint {
 public:
  /// Throws bad_input where two files hold a tensor of the same name.
  explicit checkpoint(std::vector<safetensors_file> const& files) {
    for (auto const& file : files) {
      files_.push_back(file.file());
      tensors_.insert(tensors_.end(), file.tensors().begin(), file.tensors().end());
    }
    std::ranges::sort(tensors_, {}, &tensor::name);
    auto const twice = std::ranges::adjacent_find(tensors_, {}, &tensor::name);
    if (twice != tensors_.end())
      throw bad_input(twice->file, "tensor " + escaped_name(twice->name) + " is in two files");
  }

  /// The files that hold the tensors, mapped.
  std::span<mapped_file const> files() const { return files_; }

  /// All tensors, ascending by name.
  std::span<tensor const> tensors() const { return tensors_; }

  /// The tensor of that name, or nullptr.
  tensor const* find(std::string_view name) const {
    auto const found = std::ranges::lower_bound(tensors_, name, {}, &tensor::name);
    return found != tensors_.end() && found->name == name ? &*found : nullptr;
  }

  /// The tensor of that name; throws bad_input naming the first file where there is none.
  tensor const& at(std::string_view name) const {
    if (auto const* found = find(name)) return *found;
    throw bad_input(files_.empty() ? "checkpoint" : files_.front().place(),
                    "tensor " + escaped_name(name) + " is missing");
  }

  /// mapped_file::advise_needed and mapped_file::drop for a tensor of this checkpoint, or a part of its bytes. Throws
  /// std::out_of_range for other bytes.
  void advise_needed(std::span<std::byte const> bytes) const { file_of(bytes).advise_needed(bytes); }
  void drop(std::span<std::byte const> bytes) const { file_of(bytes).drop(bytes); }

 private:
  mapped_file const& file_of(std::span<std::byte const> bytes) const {
    auto const found = std::ranges::find_if(files_, [&](mapped_file const& file) { return file.holds(bytes); });
    if (found == files_.end()) throw std::out_of_range("census::checkpoint: the bytes are of none of its files");
    return *found;
  }

  std::vector<mapped_file> files_;
  std::vector<tensor> tensors_;
};

/// Opens the checkpoint of a folder as Hugging Face publishes them: `model.safetensors`. Sharded checkpoints and
/// `pytorch_model.bin` are found and refused by name; their readers will join here. Throws bad_input naming the folder
/// or the file.
inline checkpoint open_checkpoint(std::filesystem::path const& folder) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) throw bad_input(folder.string(), "there is no such folder");
  if (std::filesystem::exists(folder / "model.safetensors", ignored))
    return checkpoint({safetensors_file(folder / "model.safetensors")});
  for (auto const* other : {"model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"})
    if (std::filesystem::exists(folder / other, ignored))
      throw bad_input((folder / other).string(),
                      "this kind of checkpoint is not read yet; only a single model.safetensors is");
  throw bad_input(folder.string(), "holds no model.safetensors");
}

}  // namespace census
