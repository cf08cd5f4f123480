// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

static_assert(std::endian::native == std::endian::little, "stored states are little-endian, and written as they lie");

/// What a stored array's elements can be: numbers of 1 to 8 bytes; bool counts as one of 1 byte.
template <class T>
concept stored_number = std::is_arithmetic_v<T> && sizeof(T) <= 8;

/// The name of a number's type, as safetensors files have it: "U8", "I64", "F32" ...
template <stored_number T>
constexpr char const* type_code() {
  constexpr std::array<char const*, 4> of_signed{"I8", "I16", "I32", "I64"}, of_unsigned{"U8", "U16", "U32", "U64"};
  if (std::same_as<T, bool>) return "BOOL";
  if (std::floating_point<T>) return sizeof(T) == 4 ? "F32" : "F64";
  return (std::is_signed_v<T> ? of_signed : of_unsigned)[static_cast<std::size_t>(std::countr_zero(sizeof(T)))];
}

/// An enumeration that can be stored: `enumerators(E)`, beside it, says how many values it has, from 0 on.
template <class E>
concept stored_enumeration = std::is_enum_v<E> && requires(E value) {
  { enumerators(value) } -> std::convertible_to<std::size_t>;
};

/// Takes bytes as they come.
using byte_sink = std::function<void(std::span<std::byte const>)>;

/// One array of a stored state: numbers of one type, in the order in which they were stored. Its bytes come piece by
/// piece, from wherever they lie.
struct state_array {
  std::string type;        ///< type_code of its numbers
  std::uint64_t size = 0;  ///< how many there are
  std::vector<std::function<void(byte_sink const&)>> pieces;

  /// Hands all of its bytes over, in order.
  void write_to(byte_sink const& sink) const {
    for (auto const& piece : pieces) piece(sink);
  }

  /// The same in one piece of memory.
  std::vector<std::byte> bytes() const {
    std::vector<std::byte> all;
    write_to([&](std::span<std::byte const> some) { all.insert(all.end(), some.begin(), some.end()); });
    return all;
  }
};

/// A value taken apart into named arrays (store() makes one, restore() makes a value of it). The names are paths,
/// "tables/2/keys". Large arrays are referred to, not copied: as long as the state is used, the value must stay and not
/// be changed.
struct stored_state {
  std::map<std::string, state_array> arrays;
};

}  // namespace census
