// SPDX-License-Identifier: MIT
// Recordings as others write them: arrays as bytes of any type, in safetensors files and NumPy's.
#pragma once

#include <weights/checkpoint_files.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace census_test {

/// An array in bytes, as it is stored.
struct dumped {
  std::string name, dtype;  ///< as safetensors calls it: "F32", "F16", "BF16", "F64", "I32", "I64"
  std::vector<std::size_t> shape;
  std::string bytes;
};

template <class T>
void append_bytes(std::string& to, T value) {
  to.append(reinterpret_cast<char const*>(&value), sizeof value);
}

/// The nearest bfloat16, ties to even.
inline std::uint16_t to_bfloat16(float value) {
  std::uint32_t const bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

/// The nearest float16, found among all of them; ties to even.
inline std::uint16_t to_float16(float value) {
  auto const sign = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16 & 0x8000u);
  double const magnitude = value < 0 ? -double{value} : double{value};
  auto const value_of = [](std::uint32_t bits) {
    std::uint32_t const exponent = bits >> 10, fraction = bits & 0x3ffu;
    double scale = exponent == 0 ? 0x1p-24 : 0x1p-25;
    for (std::uint32_t e = 0; e < exponent; ++e) scale *= 2;
    return scale * (exponent == 0 ? fraction : 1024 + fraction);
  };
  std::uint32_t below = 0, above = 0x7bffu;  // the largest finite one
  while (above - below > 1) {
    std::uint32_t const middle = (below + above) / 2;
    (value_of(middle) <= magnitude ? below : above) = middle;
  }
  double const to_below = magnitude - value_of(below), to_above = value_of(above) - magnitude;
  bool const up = to_above < to_below || (to_above == to_below && above % 2 == 0);
  return static_cast<std::uint16_t>(sign | (up ? above : below));
}

inline std::string stored_as(std::string const& dtype, std::vector<float> const& values) {
  std::string bytes;
  for (float const value : values) {
    if (dtype == "F32") append_bytes(bytes, value);
    if (dtype == "F64") append_bytes(bytes, double{value});
    if (dtype == "F16") append_bytes(bytes, to_float16(value));
    if (dtype == "BF16") append_bytes(bytes, to_bfloat16(value));
  }
  return bytes;
}

template <class T>
std::string stored_integers(std::vector<std::int64_t> const& values) {
  std::string bytes;
  for (std::int64_t const value : values) append_bytes(bytes, static_cast<T>(value));
  return bytes;
}

inline std::string joined_sizes(std::vector<std::size_t> const& shape, std::string const& after_each) {
  std::string all;
  for (std::size_t const size : shape) all += std::to_string(size) + after_each;
  return all;
}

inline std::string safetensors_of(std::vector<dumped> const& arrays) {
  std::string header = "{", data;
  for (dumped const& one : arrays) {
    auto const shape = joined_sizes(one.shape, ",");
    header += (data.empty() ? "\"" : ",\"") + one.name + "\":{\"dtype\":\"" + one.dtype + "\",\"shape\":[" +
              shape.substr(0, shape.size() - 1) + "],\"data_offsets\":[" + std::to_string(data.size()) + "," +
              std::to_string(data.size() + one.bytes.size()) + "]}";
    data += one.bytes;
  }
  return safetensors_bytes(header + "}", data);
}

/// A NumPy file of format 1.0, its header as NumPy writes it.
inline std::string npy_of(dumped const& array, bool fortran_order = false) {
  std::string const type = array.dtype == "F32"   ? "<f4"
                           : array.dtype == "F64" ? "<f8"
                           : array.dtype == "F16" ? "<f2"
                           : array.dtype == "I64" ? "<i8"
                           : array.dtype == "I32" ? "<i4"
                                                  : array.dtype;
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + (fortran_order ? "True" : "False") +
                       ", 'shape': (" + joined_sizes(array.shape, ", ") + "), }";
  header.resize((header.size() + 10) / 64 * 64 + 64 - 10 - 1, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += '\1', bytes += '\0';
  append_bytes(bytes, static_cast<std::uint16_t>(header.size()));
  return bytes + header + array.bytes;
}

}  // namespace census_test
