// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/npy_header.hpp>
#include <census/weights/mapped_file.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// The array of a NumPy file, .npy, as a tensor named by the file's stem; a view into the mapping, which the handle
/// keeps alive. Throws bad_input naming the file where it cannot be opened, is no such file, lies in Fortran order, is
/// of a type that no tensor has, or is not of the size that its header says.
class npy_file {
 public:
  explicit npy_file(std::filesystem::path path) : file_(std::move(path)) {
    std::string const place = file_.place();
    auto const text = file_.text();
    auto const start = read_npy_start(text.substr(0, npy_start::bytes), place);
    if (start.data_begins() > text.size()) throw bad_input(place, "the .npy file is cut short");
    auto const header = read_npy_header(text.substr(start.header_begins, start.header_bytes), place);
    auto const type = dtype_of(header.type);
    if (!type) throw bad_input(place, "is of type " + escaped_name(header.type) + ", which is not read");
    auto const longer = std::ranges::count_if(header.shape, [](std::uint64_t size) { return size > 1; });
    if (header.fortran_order && longer > 1) throw bad_input(place, "is in Fortran order, only C order is read");

    auto const bytes = file_.bytes().subspan(start.data_begins());
    std::uint64_t expected = size_of(*type);
    for (std::uint64_t const size : header.shape) {
      if (size != 0 && expected > std::numeric_limits<std::uint64_t>::max() / size)
        throw bad_input(place, "the shape in its header is larger than any file");
      expected *= size;
    }
    if (expected != bytes.size())
      throw bad_input(place, "its data are " + std::to_string(bytes.size()) + " bytes, not the " +
                                 std::to_string(expected) + " that its header says");
    tensor_ = {file_.path().stem().string(), *type, {header.shape.begin(), header.shape.end()}, bytes, place};
  }

  std::span<tensor const> tensors() const { return {&tensor_, 1}; }
  mapped_file const& file() const { return file_; }

 private:
  static std::optional<dtype> dtype_of(std::string_view type) {
    constexpr std::array<std::pair<std::string_view, dtype>, 12> known{{{"|b1", dtype::boolean},
                                                                        {"|u1", dtype::uint8},
                                                                        {"|i1", dtype::int8},
                                                                        {"<u2", dtype::uint16},
                                                                        {"<i2", dtype::int16},
                                                                        {"<u4", dtype::uint32},
                                                                        {"<i4", dtype::int32},
                                                                        {"<u8", dtype::uint64},
                                                                        {"<i8", dtype::int64},
                                                                        {"<f2", dtype::float16},
                                                                        {"<f4", dtype::float32},
                                                                        {"<f8", dtype::float64}}};
    auto const found = std::ranges::find(known, type, &std::pair<std::string_view, dtype>::first);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }

  mapped_file file_;
  tensor tensor_;
};

}  // namespace census
