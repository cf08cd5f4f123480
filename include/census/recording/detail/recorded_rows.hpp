// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/recording/detail/open_stored.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// One tensor [row, column] of a layer, over all its shards, mapped.
class recorded_rows {
 public:
  /// Appends the next shard. Throws bad_input naming its file where it is none of these rows.
  void append(std::filesystem::path const& folder, stored_shard const& next, dtype type, std::size_t columns) {
    if (next.first_row != rows_ || next.rows == 0)
      throw bad_input((folder / next.file.name).string(),
                      "has " + std::to_string(next.rows) + " rows of its layer from row " +
                          std::to_string(next.first_row) + " on, where row " + std::to_string(rows_) + " is due");
    auto file = open_stored(folder, next.file);
    tensor stored = expect_tensor(file, next.tensor.c_str(), type, {static_cast<std::size_t>(next.rows), columns});
    if (reinterpret_cast<std::uintptr_t>(stored.bytes.data()) % alignof(std::uint64_t) != 0)
      refuse_tensor(stored, "does not begin at a multiple of 8 bytes, so it cannot be read in place");
    bytes_of_row_ = columns * size_of(type);
    shards_.push_back({next.first_row, std::move(file), std::move(stored)});
    rows_ += next.rows;
  }

  std::uint64_t rows() const { return rows_; }

  /// The shard that holds a row, for messages. Precondition: the layer has the row.
  tensor const& shard_of(std::uint64_t row) const { return holding(row)->stored; }

  /// Rows first .. first + count - 1, of elements T: in place, shared with the mapping, where one shard holds them all;
  /// else copied. What was mapped leaves memory when the last of them is gone. Those that follow are asked for from the
  /// disk meanwhile. Throws bad_input where a file changed since it was opened; that none changes while rows are looked
  /// at in place, check_unchanged tells afterwards.
  template <class T>
  std::shared_ptr<T const []> read(std::uint64_t first, std::size_t count) const {
    auto const here = holding(first);
    if (auto const bytes = part_of(*here, first, count); bytes.size() == count * bytes_of_row_) {
      here->file.check_unchanged();
      here->file.advise_needed(bytes);
      here->file.advise_needed(part_of(*here, first + count, count));
      return {reinterpret_cast<T const*>(bytes.data()), [file = here->file, bytes](T const*) { file.drop(bytes); }};
    }
    std::shared_ptr<T[]> copy(new T[count * bytes_of_row_ / sizeof(T)]);
    auto* to = reinterpret_cast<std::byte*>(copy.get());
    for (auto shard = here; count > 0; ++shard) {
      auto const bytes = part_of(*shard, first, count);
      shard->file.read_unchanged(bytes, [&] { std::memcpy(to, bytes.data(), bytes.size()); });
      shard->file.drop(bytes);
      to += bytes.size(), first += bytes.size() / bytes_of_row_, count -= bytes.size() / bytes_of_row_;
    }
    return copy;
  }

  /// Throws bad_input where a file that holds some of these rows changed since it was opened.
  void check_unchanged(std::uint64_t first, std::size_t count) const {
    for (auto shard = holding(first); shard != shards_.end() && shard->first_row < first + count; ++shard)
      shard->file.check_unchanged();
  }

 private:
  struct shard {
    std::uint64_t first_row;
    checkpoint file;
    tensor stored;
  };

  std::vector<shard>::const_iterator holding(std::uint64_t row) const {
    return std::prev(std::ranges::upper_bound(shards_, row, {}, &shard::first_row));
  }

  /// As many of these rows as a shard holds.
  std::span<std::byte const> part_of(shard const& from, std::uint64_t first, std::size_t count) const {
    std::uint64_t const begin = (first - from.first_row) * bytes_of_row_;
    std::uint64_t const size = std::min<std::uint64_t>(count * bytes_of_row_, from.stored.bytes.size() - begin);
    return from.stored.bytes.subspan(begin, size);
  }

  std::vector<shard> shards_;
  std::uint64_t rows_ = 0;
  std::size_t bytes_of_row_ = 0;
};

}  // namespace census::detail
