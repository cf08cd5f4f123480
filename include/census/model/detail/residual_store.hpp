// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>
#include <census/scratch_file.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace census {

/// Where the residual streams of a corpus wait between layers: those of its first texts in memory, as many as fit, the
/// others in a nameless file that goes with the process. Values come back bit for bit.
class residual_store {
 public:
  /// `rows` of each text, `columns` of every row. At most `memory` bytes are held, one text's working copy apart; the
  /// file lies in `folder`. Throws bad_input naming the folder where no file can be made in it.
  residual_store(std::span<std::size_t const> rows, std::size_t columns, std::uint64_t memory,
                 std::filesystem::path folder)
      : columns_(columns) {
    std::uint64_t held = 0, spilled = 0;
    for (std::size_t const count : rows) {
      std::uint64_t const size = bytes(count, columns);
      places_.push_back({count, in_memory, {}});
      if (spilled > 0 || size > memory - held)
        places_.back().offset = std::exchange(spilled, spilled + size);
      else
        held += size;
    }
    if (spilled > 0) file_.emplace(std::move(folder), "residual streams");
  }

  /// Bytes of a text's residual stream.
  static std::uint64_t bytes(std::uint64_t rows, std::size_t columns) { return 4 * rows * padded(columns); }

  /// A text's residual stream [row, column], to be read and written until the next one is taken; unspecified before it
  /// was put back for the first time. Throws bad_input where the file cannot be read.
  padded_matrix& take(std::size_t text) {
    place& here = places_[text];
    padded_matrix& matrix = here.offset == in_memory ? here.held : working_;
    matrix.resize(here.rows, columns_);
    if (here.offset != in_memory && here.written) file_->read(here.offset, std::as_writable_bytes(working(here)));
    return matrix;
  }

  /// Keeps what was written to the matrix that take(text) gave. Throws bad_input where the file cannot be written.
  void put_back(std::size_t text) {
    place& here = places_[text];
    if (here.offset != in_memory) file_->write(here.offset, std::as_bytes(working(here)));
    here.written = true;
  }

  /// Frees a text's memory: its residual stream is no longer of use.
  void release(std::size_t text) { places_[text].held = {}; }

 private:
  static constexpr std::uint64_t in_memory = std::numeric_limits<std::uint64_t>::max();
  struct place {
    std::size_t rows;
    std::uint64_t offset;  // in the file
    padded_matrix held;
    bool written = false;
  };

  std::span<float> working(place const& here) {
    return {working_.data(), static_cast<std::size_t>(bytes(here.rows, columns_) / sizeof(float))};
  }

  std::size_t columns_;
  std::vector<place> places_;
  padded_matrix working_;  // of the text at hand, where that lies in the file
  std::optional<scratch_file> file_;
};

}  // namespace census
