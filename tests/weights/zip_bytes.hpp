// SPDX-License-Identifier: MIT
// Zip archives and pickles of a state dict, byte by byte, so that a test can make any of them lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// `value` in `size` little-endian bytes.
inline std::string number(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(i < 8 ? value >> (8 * i) & 0xff : 0);
  return bytes;
}

/// An entry of a zip archive. What is set to a value is written in place of the truth.
struct zipped {
  std::string name, bytes;
  std::optional<std::uint64_t> directory_size{}, directory_packed{}, directory_offset{}, local_size{},
      descriptor_size{};
  std::optional<std::string> local_name{};
  unsigned method = 0, flags = 0;  // bit 3 of the flags: the sizes come in a descriptor behind the bytes
  std::string directory_extra{}, local_extra{};
};

/// What the end records of a zip archive say in place of the truth.
struct zip_end {
  std::optional<std::uint64_t> entries{}, size{}, offset{};
  bool zip64 = false;
  std::optional<std::uint64_t> record_at{};
};

inline std::string zip_bytes(std::vector<zipped> const& entries, zip_end const& end = {}) {
  std::string bytes, directory;
  for (auto const& entry : entries) {
    auto const at = bytes.size(), size = entry.bytes.size();
    bool const later = (entry.flags & 8) != 0;
    auto const local_size = entry.local_size.value_or(later ? 0 : size);
    auto const& local_name = entry.local_name.value_or(entry.name);
    bytes += "PK\3\4" + number(20, 2) + number(entry.flags, 2) + number(entry.method, 2) + number(0, 8) +
             number(local_size, 4) + number(local_size, 4) + number(local_name.size(), 2) +
             number(entry.local_extra.size(), 2) + local_name + entry.local_extra + entry.bytes;
    auto const described = entry.descriptor_size.value_or(size);
    if (later) bytes += "PK\7\b" + number(0, 4) + number(described, 4) + number(described, 4);
    directory += "PK\1\2" + number(0, 4) + number(entry.flags, 2) + number(entry.method, 2) + number(0, 8) +
                 number(entry.directory_packed.value_or(entry.directory_size.value_or(size)), 4) +
                 number(entry.directory_size.value_or(size), 4) + number(entry.name.size(), 2) +
                 number(entry.directory_extra.size(), 2) + number(0, 10) +
                 number(entry.directory_offset.value_or(at), 4) + entry.name + entry.directory_extra;
  }
  auto const at = end.offset.value_or(bytes.size()), count = end.entries.value_or(entries.size()),
             size = end.size.value_or(directory.size());
  bytes += directory;
  if (!end.zip64)
    return bytes + "PK\5\6" + number(0, 4) + number(count, 2) + number(count, 2) + number(size, 4) + number(at, 4) +
           number(0, 2);
  auto const record = end.record_at.value_or(bytes.size());
  bytes += "PK\6\6" + number(44, 8) + number(0, 12) + number(count, 8) + number(count, 8) + number(size, 8) +
           number(at, 8) + "PK\6\7" + number(0, 4) + number(record, 8) + number(1, 4);
  return bytes + "PK\5\6" + number(0, 4) + number(0xffff, 2) + number(0xffff, 2) + number(0xffffffff, 4) +
         number(0xffffffff, 4) + number(0, 2);
}

/// Operations of a pickle.
inline std::string text(std::string_view value) {
  return std::string("X").append(number(value.size(), 4)).append(value);
}
inline std::string integer(std::int64_t value) { return "\x8a\x08" + number(static_cast<std::uint64_t>(value), 8); }
inline std::string tuple(std::vector<std::string> const& items) {
  std::string bytes = "(";
  for (auto const& item : items) bytes += item;
  return bytes + "t";
}

/// A tensor in a pickle, as torch.save describes it.
struct pickled_tensor {
  std::string storage = "ctorch\nFloatStorage\n", key = "0";
  std::int64_t elements = 6, offset = 0;
  std::vector<std::int64_t> shape{2, 3}, strides{3, 1};
};

inline std::string pickled(pickled_tensor const& tensor) {
  auto const sizes = [](std::vector<std::int64_t> const& values) {
    std::vector<std::string> items;
    for (auto const value : values) items.push_back(integer(value));
    return tuple(items);
  };
  auto const storage =
      tuple({text("storage"), tensor.storage, text(tensor.key), text("cpu"), integer(tensor.elements)});
  return "ctorch._utils\n_rebuild_tensor_v2\n" +
         tuple({storage + "Q", integer(tensor.offset), sizes(tensor.shape), sizes(tensor.strides), "\x89",
                "ccollections\nOrderedDict\n)R"}) +
         "R";
}

/// A pickle of a dict with one tensor, "a".
inline std::string state_dict(std::string const& value) { return "\x80\x02}" + text("a") + value + "s."; }
