// SPDX-License-Identifier: MIT
#pragma once

#include <census/stored_float.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

static_assert(std::endian::native == std::endian::little, "checkpoints are read in place, and they are little-endian");

// clang-format off
/// The type of a stored tensor's elements.
enum class dtype : std::uint8_t {
  boolean, uint8, int8, uint16, int16, uint32, int32, uint64, int64,
  float8_e4m3, float8_e5m2, float16, bfloat16, float32, float64,
  unknown  ///< of a format that is newer than this reader; there may be such tensors, but they cannot be read
};
// clang-format on

/// What is known of a dtype: its name in messages, its name in safetensors files, the bytes of an element.
struct dtype_facts {
  char const *name, *code;
  std::size_t size;
};
inline constexpr std::array<dtype_facts, 16> dtype_table{{{"boolean", "BOOL", 1},
                                                          {"uint8", "U8", 1},
                                                          {"int8", "I8", 1},
                                                          {"uint16", "U16", 2},
                                                          {"int16", "I16", 2},
                                                          {"uint32", "U32", 4},
                                                          {"int32", "I32", 4},
                                                          {"uint64", "U64", 8},
                                                          {"int64", "I64", 8},
                                                          {"float8_e4m3", "F8_E4M3", 1},
                                                          {"float8_e5m2", "F8_E5M2", 1},
                                                          {"float16", "F16", 2},
                                                          {"bfloat16", "BF16", 2},
                                                          {"float32", "F32", 4},
                                                          {"float64", "F64", 8},
                                                          {"a type that is not known", "", 0}}};

constexpr std::size_t size_of(dtype type) { return dtype_table[static_cast<std::size_t>(type)].size; }
constexpr char const* name_of(dtype type) { return dtype_table[static_cast<std::size_t>(type)].name; }

/// A stored tensor: a view of bytes that lie elsewhere, row-major, of any alignment. Law: bytes.size() = size_of(type)
/// x elements(), but for a type that is not known, whose elements nobody can count.
struct tensor {
  std::string name;
  dtype type = dtype::float32;
  std::vector<std::size_t> shape;
  std::span<std::byte const> bytes;
  std::string file;  ///< the file that holds it, for messages

  std::size_t elements() const { return type == dtype::unknown ? 0 : bytes.size() / size_of(type); }
};

/// Whether a tensor's elements are whole numbers, or truth values.
constexpr bool is_integer(dtype type) { return type <= dtype::int64; }

/// Whether a tensor's elements can be read as float32.
constexpr bool is_readable(dtype type) {
  return type == dtype::float16 || type == dtype::bfloat16 || type == dtype::float32;
}

/// Elements first .. first + into.size() - 1 as float32, exact. Throws std::invalid_argument where the tensor has no
/// such elements or where its type is not readable.
inline void to_float32(tensor const& from, std::size_t first, std::span<float> into) {
  if (!is_readable(from.type) || first > from.elements() || into.size() > from.elements() - first)
    throw std::invalid_argument("census::to_float32: tensor " + from.name +
                                " has no such elements in float16, bfloat16 or float32");
  std::byte const* const bytes = from.bytes.data() + first * size_of(from.type);
  if (from.type == dtype::float32) {
    if (!into.empty()) std::memcpy(into.data(), bytes, into.size_bytes());
    return;
  }
  auto const widen = [&](auto convert) {
    for (std::size_t i = 0; i < into.size(); ++i) {
      std::uint16_t bits;
      std::memcpy(&bits, bytes + 2 * i, 2);
      into[i] = convert(bits);
    }
  };
  if (from.type == dtype::float16)
    widen([](std::uint16_t bits) { return from_float16(bits); });
  else
    widen([](std::uint16_t bits) { return from_bfloat16(bits); });
}

}  // namespace census
