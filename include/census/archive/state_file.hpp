// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/restore.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/archive/store.hpp>
#include <census/archive/stored_state.hpp>
#include <census/error.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The format of state files. Files of another are refused by its number.
inline constexpr std::uint32_t state_format = 1;

namespace detail {

/// What a state file says of itself, beside the state: arrays whose names no part of a value has.
struct state_label {
  std::uint32_t format = state_format;
  std::string holds;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("census.format", format);
    archive("census.holds", holds);
  }
};

}  // namespace detail

/// A state as a safetensors file, written and not yet in its place (commit() puts it there). `holds` says of what it
/// is: read_state asks for the same. Its arrays are tensors of one dimension, by their paths. Throws bad_input where
/// the file cannot be written.
inline std::unique_ptr<safetensors_writer> stage_state(std::filesystem::path const& path, std::string holds,
                                                       stored_state state) {
  detail::state_label const label{.holds = std::move(holds)};
  state.arrays.merge(store(label).arrays);
  std::vector<safetensors_writer::declaration> tensors;
  for (auto const& [name, array] : state.arrays) tensors.push_back({name, array.type, {array.size}});
  auto writer = std::make_unique<safetensors_writer>(path, tensors);
  for (auto const& [name, array] : state.arrays)
    array.write_to([&, &to = name](std::span<std::byte const> bytes) { writer->append_bytes(to, bytes); });
  writer->finish();
  return writer;
}

/// Writes a value's state as a file, whole or not at all.
template <class T>
void write_state(std::filesystem::path const& path, std::string holds, T const& value) {
  stage_state(path, std::move(holds), store(value))->commit();
}

namespace detail {

/// Calls read(archive) with the archive of a state file that holds this.
template <class Read>
void with_state_file(std::filesystem::path const& path, std::string const& holds, Read const& read) {
  checkpoint const file = open_safetensors(path);
  std::map<std::string, archive_reader::array> label, state;
  for (tensor const& one : file.tensors()) {
    if (one.type == dtype::unknown) throw bad_input(path.string(), "tensor " + one.name + " is of an unknown type");
    auto& here = one.name.starts_with("census.") ? label : state;
    here[one.name] = {dtype_table[static_cast<std::size_t>(one.type)].code, one.bytes, 0};
  }
  if (label.empty()) throw bad_input(path.string(), "is no state that census stored");
  state_label found;
  restore(archive_reader(path.string(), std::move(label)), found);
  if (found.format != state_format)
    throw bad_input(path.string(), "is of format " + std::to_string(found.format) + "; this program reads format " +
                                       std::to_string(state_format));
  if (found.holds != holds) throw bad_input(path.string(), "holds " + found.holds + ", not " + holds);
  read(archive_reader(path.string(), std::move(state)));
}

}  // namespace detail

/// Makes `value`, which was made as the stored one was made and is otherwise fresh, what the file holds. The file is
/// mapped, and not trusted. Throws bad_input naming it where it holds something else, is of another format, or was cut
/// short; the value is unchanged then, or, where it cannot be copied, of no more use.
template <class T>
void read_state(std::filesystem::path const& path, std::string const& holds, T& value) {
  detail::with_state_file(path, holds, [&](archive_reader archive) { restore(std::move(archive), value); });
}

}  // namespace census
