// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/weights/detail/pytorch_file.hpp>
#include <census/weights/detail/safetensors.hpp>
#include <census/weights/detail/shard_index.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/npy_file.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
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
  /// The tensors of `files`; messages call all of it `place`. Throws bad_input where two tensors have the same name.
  checkpoint(std::string place, std::vector<mapped_file> files, std::vector<tensor> tensors,
             census::ignored passed_over = {})
      : place_(std::move(place)), files_(std::move(files)), tensors_(std::move(tensors)),
        ignored_(std::move(passed_over)) {
    std::ranges::sort(tensors_, {}, &tensor::name);
    auto const twice = std::ranges::adjacent_find(tensors_, {}, &tensor::name);
    if (twice != tensors_.end())
      throw bad_input(twice->file,
                      "tensor " + escaped_name(twice->name) + " is in two files, here and in " + (twice + 1)->file);
  }

  /// The tensors of one file.
  explicit checkpoint(safetensors_file const& file) : checkpoint(of(file)) { metadata_ = file.metadata(); }
  explicit checkpoint(pytorch_file const& file) : checkpoint(of(file)) {}
  explicit checkpoint(npy_file const& file)
      : checkpoint(file.file().place(), {file.file()}, {file.tensors().begin(), file.tensors().end()}) {}

  /// What readers of its files passed over.
  census::ignored const& ignored() const { return ignored_; }
  void add_ignored(std::string_view what, std::string const& place) { ignored_.add(what, place); }

  /// What the file says of itself, where it is a single one of safetensors: texts by name.
  std::map<std::string, std::string> const& metadata() const { return metadata_; }

  /// The files that hold the tensors, mapped.
  std::span<mapped_file const> files() const { return files_; }

  /// All tensors, ascending by name.
  std::span<tensor const> tensors() const { return tensors_; }

  /// The tensor of that name, or nullptr.
  tensor const* find(std::string_view name) const {
    auto const found = std::ranges::lower_bound(tensors_, name, {}, &tensor::name);
    return found != tensors_.end() && found->name == name ? &*found : nullptr;
  }

  /// The tensor of that name; throws bad_input naming the file, or the index of the shards, where there is none.
  tensor const& at(std::string_view name) const {
    if (auto const* found = find(name)) return *found;
    throw bad_input(place_, "tensor " + escaped_name(name) + " is missing");
  }

  /// mapped_file::check_unchanged of each of its files.
  void check_unchanged() const {
    for (auto const& file : files_) file.check_unchanged();
  }

  /// Calls `read`, which looks at bytes of these files, and throws as check_unchanged where one of them had changed
  /// before, or has changed by the time that it returns: what it read may then be of two versions.
  template <std::invocable Read>
  void read_unchanged(Read const& read) const {
    read_between([&] { check_unchanged(); }, read);
  }

  /// The same where `read` looks at these bytes alone, which lie in one of the files. Throws std::out_of_range for
  /// other bytes.
  template <std::invocable Read>
  void read_unchanged(std::span<std::byte const> bytes, Read const& read) const {
    read_between([&file = file_of(bytes)] { file.check_unchanged(); }, read);
  }

  /// mapped_file::advise_needed and mapped_file::drop for a tensor of this checkpoint, or a part of its bytes. Throws
  /// std::out_of_range for other bytes.
  void advise_needed(std::span<std::byte const> bytes) const { file_of(bytes).advise_needed(bytes); }
  void drop(std::span<std::byte const> bytes) const { file_of(bytes).drop(bytes); }

 private:
  template <class File>
  static checkpoint of(File const& file) {
    return {file.file().place(), {file.file()}, {file.tensors().begin(), file.tensors().end()}, file.ignored()};
  }

  template <class Check, class Read>
  static void read_between(Check const& check, Read const& read) {
    check();
    try {
      read();
    } catch (bad_input const&) {
      check();  // a change is why the bytes were not what they should be
      throw;
    }
    check();
  }

  mapped_file const& file_of(std::span<std::byte const> bytes) const {
    auto const found = std::ranges::find_if(files_, [&](mapped_file const& file) { return file.holds(bytes); });
    if (found == files_.end()) throw std::out_of_range("census::checkpoint: the bytes are of none of its files");
    return *found;
  }

  std::string place_;
  std::vector<mapped_file> files_;
  std::vector<tensor> tensors_;
  std::map<std::string, std::string> metadata_;
  census::ignored ignored_;
};

/// Opens one safetensors file, or one file of PyTorch. Throws bad_input naming the file.
inline checkpoint open_safetensors(std::filesystem::path const& file) { return checkpoint(safetensors_file(file)); }
inline checkpoint open_pytorch(std::filesystem::path const& file) { return checkpoint(pytorch_file(file)); }

/// Opens the shards that an index names, each by `open`: open_safetensors or open_pytorch. A tensor that a shard holds
/// and the index lists nowhere is ignored. Throws bad_input naming the index where a shard is missing, and naming the
/// shard where a tensor is missing that the index says is there, or is in another shard too.
inline checkpoint open_shards(std::filesystem::path const& index, checkpoint (*open)(std::filesystem::path const&)) {
  auto const shards = read_shard_index(index);
  std::set<std::string_view> listed;
  for (auto const& [shard, names] : shards) listed.insert(names.begin(), names.end());
  std::vector<mapped_file> files;
  std::vector<tensor> tensors;
  ignored passed_over;
  for (auto const& [shard, names] : shards) {
    auto const path = index.parent_path() / shard;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
      throw bad_input(index.string(), "the shard " + escaped_name(shard) + " is missing");
    checkpoint const file = open(path);
    std::set<std::string_view> held;
    for (tensor const& one : file.tensors()) {
      held.insert(one.name);
      if (listed.contains(one.name))
        tensors.push_back(one);
      else
        passed_over.add("tensors of shards that the index does not list",
                        path.string() + ": tensor " + escaped_name(one.name));
    }
    passed_over.add(file.ignored());
    for (auto const& name : names)
      if (!held.contains(name))
        throw bad_input(path.string(), "tensor " + escaped_name(name) + " is missing, which " +
                                           index.filename().string() + " says is here");
    files.push_back(file.files().front());
  }
  return {index.string(), std::move(files), std::move(tensors), std::move(passed_over)};
}

/// Opens the checkpoint of a folder as Hugging Face publishes them. The first of these that is there is read, and the
/// others are ignored: `model.safetensors`, `model.safetensors.index.json` with its shards, `pytorch_model.bin`,
/// `pytorch_model.bin.index.json` with its shards. Throws bad_input naming the folder or the file; and where an adapter
/// lies beside them, `adapter_config.json`: what is read would be the model without it.
inline checkpoint open_checkpoint(std::filesystem::path const& folder) {
  using opener = checkpoint (*)(std::filesystem::path const&);
  struct kind {
    char const* name;
    opener open;
  };
  static constexpr std::array<kind, 4> kinds{
      {{"model.safetensors", open_safetensors},
       {"model.safetensors.index.json", [](auto const& path) { return open_shards(path, open_safetensors); }},
       {"pytorch_model.bin", open_pytorch},
       {"pytorch_model.bin.index.json", [](auto const& path) { return open_shards(path, open_pytorch); }}}};
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) throw bad_input(folder.string(), "there is no such folder");
  auto const has = [&](char const* name) { return std::filesystem::exists(folder / name, failed); };
  if (has("adapter_config.json"))
    throw bad_input((folder / "adapter_config.json").string(),
                    "the folder holds an adapter that is not merged into the weights; merge it, or take it out");
  std::optional<checkpoint> found;
  for (auto const& one : kinds) {
    if (!has(one.name)) continue;
    if (found)
      found->add_ignored("checkpoints beside the one that is read", (folder / one.name).string());
    else
      found = one.open(folder / one.name);
  }
  if (!found)
    throw bad_input(folder.string(),
                    "holds no model.safetensors and no pytorch_model.bin, nor the index.json of one in shards");
  return *std::move(found);
}

}  // namespace census
