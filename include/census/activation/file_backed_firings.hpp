// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/scratch_file.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// A nameless file that firings are appended to, by several threads if need be. It goes with the last firings in it.
class firings_file {
 public:
  /// In this folder, the system's for temporary files where that is empty. Throws bad_input naming the folder where no
  /// file can be made in it.
  explicit firings_file(std::filesystem::path folder) : file_(std::move(folder), "firings") {}

  /// Sets so many bytes apart, and tells where.
  std::uint64_t reserve(std::uint64_t bytes) { return end_.fetch_add(bytes); }

  scratch_file const& bytes() const { return file_; }

 private:
  scratch_file file_;
  std::atomic<std::uint64_t> end_ = 0;
};

/// An immutable handle to firings [row, neuron] that lie in a file, word by word: the first word of every row, then the
/// second of every row. So the neurons of one word are read without those of the others.
class file_backed_firings {
 public:
  /// Writes firings to the file. Throws bad_input naming its folder where that fails.
  file_backed_firings(std::shared_ptr<firings_file> const& file, packed_firings const& firings)
      : file_(file), first_(file->reserve(8 * firings.rows() * firings.words_per_row())), rows_(firings.rows()),
        neurons_(firings.neurons()) {
    std::vector<std::uint64_t> column(rows_);
    for (std::size_t word = 0; word < words_per_row(); ++word) {
      for (std::size_t row = 0; row < rows_; ++row) column[row] = firings.row(row)[word];
      file_->bytes().write(first_ + 8 * word * rows_, std::as_bytes(std::span(column)));
    }
  }

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return packed_firings::words_for(neurons_); }

  /// One word of as many rows as `column` [row] has, from `first_row` on. Throws bad_input naming the file's folder
  /// where it cannot be read.
  void read(std::size_t word, std::size_t first_row, std::span<std::uint64_t> column) const {
    file_->bytes().read(first_ + 8 * (word * rows_ + first_row), std::as_writable_bytes(column));
  }

 private:
  std::shared_ptr<firings_file const> file_;
  std::uint64_t first_;  // byte
  std::size_t rows_, neurons_;
};

}  // namespace census
