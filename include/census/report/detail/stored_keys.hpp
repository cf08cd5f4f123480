// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/error.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/tensor.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace census::detail {

/// The name of an integer's type in safetensors files.
template <std::integral T>
std::string dtype_code() {
  if (std::same_as<T, bool>) return "BOOL";
  return (std::signed_integral<T> ? "I" : "U") + std::to_string(8 * sizeof(T));
}

/// Throws bad_input where a tensor holds no integers. Called before memory is taken for as many elements as a shape
/// says: of a type that is not known, nothing checked the shape against the bytes.
inline void require_integers(tensor const& from) {
  if (!is_integer(from.type))
    throw bad_input(from.file, "tensor " + from.name + " holds " + name_of(from.type) + ", no integers");
}

/// Elements of a tensor of integers, whatever their width. Throws bad_input where it is of another type, or a value
/// does not fit.
template <std::integral T>
std::vector<T> integers_of(tensor const& from, std::size_t first, std::size_t count) {
  require_integers(from);
  std::vector<T> values(count);
  auto const take = [&]<class Stored>(Stored stored) {
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(&stored, from.bytes.data() + (first + i) * sizeof stored, sizeof stored);
      values[i] = static_cast<T>(stored);
      bool const is_negative = stored < Stored{0};
      if (static_cast<Stored>(values[i]) != stored || is_negative != std::cmp_less(+values[i], 0))
        throw bad_input(from.file, "tensor " + from.name + ": " + std::to_string(stored) + " is out of range");
    }
  };
  switch (from.type) {
  case dtype::int8:
    take(std::int8_t{});
    break;
  case dtype::uint16:
    take(std::uint16_t{});
    break;
  case dtype::int16:
    take(std::int16_t{});
    break;
  case dtype::uint32:
    take(std::uint32_t{});
    break;
  case dtype::int32:
    take(std::int32_t{});
    break;
  case dtype::uint64:
    take(std::uint64_t{});
    break;
  case dtype::int64:
    take(std::int64_t{});
    break;
  default:  // uint8, boolean
    take(std::uint8_t{});
  }
  return values;
}

/// A tensor of so many dimensions. Throws bad_input where it is missing or has others.
inline tensor const& tensor_of(checkpoint const& file, char const* name, std::size_t dimensions) {
  tensor const& found = file.at(name);
  if (found.shape.size() != dimensions)
    throw bad_input(found.file, "tensor " + found.name + " has " + std::to_string(found.shape.size()) +
                                    " dimensions instead of " + std::to_string(dimensions));
  return found;
}

/// Texts as the bytes of all of them, U8, and where each ends, I64 [text].
struct stored_texts {
  std::string bytes_name, ends_name;

  template <class Texts>
  void declare(std::vector<safetensors_writer::declaration>& tensors, Texts const& texts) const {
    std::uint64_t bytes = 0;
    for (std::string const& text : texts) bytes += text.size();
    tensors.push_back({bytes_name, "U8", {bytes}});
    tensors.push_back({ends_name, "I64", {texts.size()}});
  }
  template <class Texts>
  void append(safetensors_writer& writer, Texts const& texts) const {
    std::vector<std::int64_t> ends;
    std::string bytes;
    for (std::string const& text : texts) ends.push_back(static_cast<std::int64_t>((bytes += text).size()));
    writer.append(bytes_name, std::span<char const>(bytes));
    writer.append(ends_name, std::span<std::int64_t const>(ends));
  }
  std::vector<std::string> read(checkpoint const& file) const {
    tensor const &bytes = tensor_of(file, bytes_name.c_str(), 1), &ends = tensor_of(file, ends_name.c_str(), 1);
    if (bytes.type != dtype::uint8) throw bad_input(bytes.file, "tensor " + bytes.name + " is not of U8");
    std::string const all(reinterpret_cast<char const*>(bytes.bytes.data()), bytes.bytes.size());
    std::vector<std::string> texts;
    std::size_t begin = 0;
    for (std::uint64_t const end : integers_of<std::uint64_t>(ends, 0, ends.elements())) {
      if (end < begin || end > all.size())
        throw bad_input(ends.file, "tensor " + ends.name + ": text " + std::to_string(texts.size()) + " ends at byte " +
                                       std::to_string(end) + ", between " + std::to_string(begin) + " and " +
                                       std::to_string(all.size()) + " it can");
      texts.push_back(all.substr(begin, end - begin));
      begin = end;
    }
    return texts;
  }
};

/// How keys lie in a file: numbers as `keys` [row], arrays of numbers as `keys` [row, N], tuples of numbers as I64 the
/// same, texts as their bytes `keys` and `key_ends`; the one key of key::nothing does not. Of other keys it says that
/// they do not, and has so much that its use adds no errors to this one.
template <class Key>
struct stored_keys {
  static_assert(sizeof(Key) == 0,
                "census: a table by keys of this type cannot be written as a file, nor read from one. There, keys are "
                "integers, bool, std::string, or a std::array or std::tuple of integers; census::regroup(table, "
                "[](my_key const& key) { return std::tuple(key.a, key.b); }) makes such keys of others");
  static void declare(std::vector<safetensors_writer::declaration>&, std::vector<Key> const&) {}
  static void append(safetensors_writer&, std::vector<Key> const&) {}
  static std::vector<Key> read(checkpoint const&) { return {}; }
};

template <>
struct stored_keys<std::monostate> {
  static void declare(std::vector<safetensors_writer::declaration>&, std::vector<std::monostate> const&) {}
  static void append(safetensors_writer&, std::vector<std::monostate> const&) {}
  static std::vector<std::monostate> read(checkpoint const& file) {
    return std::vector<std::monostate>(tensor_of(file, "occurrences", 1).elements());
  }
};

template <std::integral Key>
struct stored_keys<Key> {
  static void declare(std::vector<safetensors_writer::declaration>& tensors, std::vector<Key> const& keys) {
    tensors.push_back({"keys", dtype_code<Key>(), {keys.size()}});
  }
  static void append(safetensors_writer& writer, std::vector<Key> const& keys) {
    for (Key const key : keys) writer.append("keys", std::span<Key const>(&key, 1));
  }
  static std::vector<Key> read(checkpoint const& file) {
    tensor const& keys = tensor_of(file, "keys", 1);
    return integers_of<Key>(keys, 0, keys.elements());
  }
};

template <std::integral Part, std::size_t N>
struct stored_keys<std::array<Part, N>> {
  using key = std::array<Part, N>;
  static void declare(std::vector<safetensors_writer::declaration>& tensors, std::vector<key> const& keys) {
    tensors.push_back({"keys", dtype_code<Part>(), {keys.size(), N}});
  }
  static void append(safetensors_writer& writer, std::vector<key> const& keys) {
    for (key const& one : keys) writer.append("keys", std::span<Part const>(one));
  }
  static std::vector<key> read(checkpoint const& file) {
    tensor const& stored = tensor_of(file, "keys", 2);
    if (stored.shape[1] != N)
      throw bad_input(stored.file, "tensor keys has " + std::to_string(stored.shape[1]) + " numbers a key instead of " +
                                       std::to_string(N));
    require_integers(stored);
    std::vector<key> keys(stored.shape[0]);
    for (std::size_t row = 0; row < keys.size(); ++row) {
      auto const parts = integers_of<Part>(stored, row * N, N);
      for (std::size_t i = 0; i < N; ++i) keys[row][i] = parts[i];
    }
    return keys;
  }
};

template <std::integral... Parts>
struct stored_keys<std::tuple<Parts...>> {
  using key = std::tuple<Parts...>;
  using numbers = std::array<std::int64_t, sizeof...(Parts)>;
  static void declare(std::vector<safetensors_writer::declaration>& tensors, std::vector<key> const& keys) {
    tensors.push_back({"keys", "I64", {keys.size(), sizeof...(Parts)}});
  }
  static void append(safetensors_writer& writer, std::vector<key> const& keys) {
    for (key const& one : keys) {
      numbers const parts = std::apply([](auto... part) { return numbers{static_cast<std::int64_t>(part)...}; }, one);
      writer.append("keys", std::span<std::int64_t const>(parts));
    }
  }
  static std::vector<key> read(checkpoint const& file) {
    std::vector<key> keys;
    std::size_t row = 0;
    for (numbers const& parts : stored_keys<numbers>::read(file)) {
      keys.push_back([&]<std::size_t... I>(std::index_sequence<I...>) {
        return key(static_cast<Parts>(parts[I])...);
      }(std::index_sequence_for<Parts...>()));
      numbers const again =
          std::apply([](auto... part) { return numbers{static_cast<std::int64_t>(part)...}; }, keys.back());
      if (again != parts)
        throw bad_input(file.at("keys").file, "tensor keys, row " + std::to_string(row) + ": out of range");
      ++row;
    }
    return keys;
  }
};

template <>
struct stored_keys<std::string> {
  static stored_texts texts() { return {"keys", "key_ends"}; }
  static void declare(std::vector<safetensors_writer::declaration>& tensors, std::vector<std::string> const& keys) {
    texts().declare(tensors, keys);
  }
  static void append(safetensors_writer& writer, std::vector<std::string> const& keys) { texts().append(writer, keys); }
  static std::vector<std::string> read(checkpoint const& file) { return texts().read(file); }
};

}  // namespace census::detail
