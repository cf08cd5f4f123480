// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/whole_file.hpp>
#include <census/json.hpp>

#include <nlohmann/json.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <ios>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Writes a safetensors file piece by piece, in any order, without holding it in memory. Its tensors are declared
/// first; every one of them must be written to its end before commit().
class safetensors_writer {
 public:
  struct declaration {
    std::string name, dtype;  ///< dtype: "U32", "I64", "F64" ...
    std::vector<std::uint64_t> shape;
  };

  safetensors_writer(std::filesystem::path const& path, std::vector<declaration> const& tensors,
                     std::map<std::string, std::string> const& metadata = {})
      : file_(path) {
    static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");
    nlohmann::ordered_json header;
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t end = 0;
    for (declaration const& tensor : tensors) {
      std::uint64_t bytes = element_size(tensor.dtype);
      for (std::uint64_t const extent : tensor.shape) bytes *= extent;
      header[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {end, end + bytes}}};
      places_[tensor.name] = {end, bytes, 0};
      end += bytes;
    }
    std::string text = json_text(header);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::uint64_t const length = text.size();
    file_.stream().write(reinterpret_cast<char const*>(&length), sizeof length);
    file_.stream() << text;
    data_ = sizeof length + length;
  }

  /// Writes the next values of a tensor. Throws std::logic_error where they would pass its end, bad_input where the
  /// file cannot be written.
  template <class T>
  requires std::integral<T> || std::floating_point<T>
  void append(std::string const& tensor, std::span<T const> values) { append_bytes(tensor, std::as_bytes(values)); }

  /// The same for values that are there as bytes.
  void append_bytes(std::string const& tensor, std::span<std::byte const> bytes) {
    place& here = places_.at(tensor);
    if (here.written + bytes.size() > here.bytes)
      throw std::logic_error("census::safetensors_writer: too much for " + tensor);
    file_.stream().seekp(static_cast<std::streamoff>(data_ + here.offset + here.written));
    file_.stream().write(reinterpret_cast<char const*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file_.check();
    here.written += bytes.size();
  }

  /// Brings the file to the disk, beside its place. Throws std::logic_error where a tensor was not written to its end.
  void finish() {
    for (auto const& [name, here] : places_)
      if (here.written != here.bytes)
        throw std::logic_error("census::safetensors_writer: not all of " + name + " was written");
    file_.finish();
  }

  /// Where its bytes lie: beside its place before commit().
  std::filesystem::path const& path() const { return file_.path(); }

  /// Puts the file in its place, finished.
  void commit() {
    finish();
    file_.commit();
  }

 private:
  struct place {
    std::uint64_t offset, bytes, written;
  };

  static std::uint64_t element_size(std::string const& dtype) {
    if (dtype == "BOOL" || dtype == "U8" || dtype == "I8") return 1;
    if (dtype == "U16" || dtype == "I16" || dtype == "F16") return 2;
    if (dtype == "U32" || dtype == "I32" || dtype == "F32") return 4;
    if (dtype == "I64" || dtype == "U64" || dtype == "F64") return 8;
    throw std::invalid_argument("census::safetensors_writer: unknown dtype " + dtype);
  }

  whole_file file_;
  std::uint64_t data_ = 0;
  std::map<std::string, place> places_;
};

}  // namespace census
