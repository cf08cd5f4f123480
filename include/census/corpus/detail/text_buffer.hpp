// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/decompressed.hpp>
#include <census/corpus/detail/foreign_content.hpp>
#include <census/corpus/detail/reading_memory.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// The content of a file of text as it comes, a part at a time: what was read and is not yet taken. What it holds is
/// counted in `memory`.
class text_buffer {
 public:
  /// Throws bad_input naming the file where it cannot be opened.
  text_buffer(std::filesystem::path const& path, text_compression compression, reading_memory& memory)
      : place_(path.string()), part_(memory.part()), file_(path, compression, memory.left()), share_(memory, place_) {}

  /// What was read and is not yet taken.
  std::string_view view() const { return std::string_view(bytes_).substr(first_); }

  /// Reads some more behind it; false at the file's end. Throws bad_input naming the file where it is empty, corrupt,
  /// cut short, no text, or where more than all texts may hold would be held.
  bool read_more() {
    if (at_end_) return false;
    bytes_.erase(0, std::exchange(first_, 0));
    std::size_t const before = bytes_.size(), wanted = before + part_;
    if (wanted > bytes_.capacity()) {
      std::size_t const room = std::max(wanted, before + before / 2);
      hold(room + (before > 0 ? bytes_.capacity() : 0));  // while it is moved
      bytes_.reserve(room);
    }
    bytes_.resize(wanted);
    bytes_.resize(before + file_.read(std::span(bytes_).subspan(before)));
    at_end_ = bytes_.size() < wanted;
    hold(bytes_.capacity());
    if (!was_looked_at_) look_at_first_bytes();
    was_looked_at_ = true;
    return bytes_.size() > before;
  }

  void take(std::size_t bytes) { first_ += bytes; }

  /// Size and hash of its bytes as they lie on the disk, and how many of them were read.
  std::pair<std::uint64_t, std::uint64_t> size_and_hash() { return file_.size_and_hash(); }
  std::uint64_t bytes_read() const { return file_.bytes_read(); }

  /// Whether all of the file was read.
  bool at_end() const { return at_end_; }

  /// Whether its first bytes were read, and are text.
  bool has_text() const { return was_looked_at_; }

  /// Holds so much beside what was read, as long as that is needed.
  void hold_beside(std::uint64_t bytes) {
    beside_ = bytes;
    hold(bytes_.capacity());
  }

  /// Closes the file until more of it is read.
  void rest() { file_.rest(); }

 private:
  void hold(std::uint64_t buffer) { share_.hold(buffer + beside_ + file_.bytes_held()); }

  /// At as many of them as are read whatever the memory, so that the verdict does not depend on it.
  void look_at_first_bytes() const {
    if (bytes_.empty()) throw bad_input(place_, "the text is empty");
    auto const first = std::string_view(bytes_).substr(0, reading_memory::least_part);
    if (auto const other = foreign_content(first); !other.empty())
      throw bad_input(place_, "is " + std::string(other) + " and no text that could be read byte for byte; read are " +
                                  std::string(texts_read));
  }

  std::string place_;
  std::size_t part_;
  decompressed_file file_;
  reading_memory::share share_;
  std::string bytes_;
  std::size_t first_ = 0;
  std::uint64_t beside_ = 0;
  bool at_end_ = false, was_looked_at_ = false;
};

}  // namespace census
