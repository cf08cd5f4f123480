// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/scratch_file.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A list that only grows: its first elements in memory, as many as are allowed, the others in a nameless file.
template <class T>
class spilling_list {
 public:
  /// Holds at most `held` elements and 64 Ki more on their way; `what` they are is said where the file fails. No folder
  /// means the system's for temporary files.
  spilling_list(std::size_t held, std::filesystem::path folder, std::string what)
      : most_held_(held), folder_(std::move(folder)), what_(std::move(what)) {}

  std::uint64_t size() const { return held_.size() + written_ + waiting_.size(); }
  std::uint64_t bytes_held() const { return sizeof(T) * (held_.capacity() + waiting_.capacity()); }

  /// Throws bad_input naming the folder where the file cannot be made or written.
  void append(std::span<T const> more) {
    auto const fits = std::min(more.size(), most_held_ - held_.size());
    if (held_.size() + fits > held_.capacity())  // growth by half, within what is allowed
      held_.reserve(std::min(most_held_, std::max(held_.size() + fits, held_.capacity() + held_.capacity() / 2)));
    held_.insert(held_.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(fits));
    waiting_.insert(waiting_.end(), more.begin() + static_cast<std::ptrdiff_t>(fits), more.end());
    if (waiting_.size() >= most_waiting) flush();
  }

  /// The elements from `first` on, into.size() of them. Throws bad_input naming the folder where they cannot be read.
  void read(std::uint64_t first, std::span<T> into) const {
    auto const part = [&](std::uint64_t begins, std::uint64_t size, auto copy) {
      if (into.empty() || first >= begins + size) return;
      auto const count = std::min<std::uint64_t>(into.size(), begins + size - first);
      copy(first - begins, into.first(static_cast<std::size_t>(count)));
      into = into.subspan(static_cast<std::size_t>(count));
      first += count;
    };
    auto const from = [](std::vector<T> const& list) {
      return [&list](std::uint64_t at, std::span<T> out) {
        std::copy_n(list.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
      };
    };
    part(0, held_.size(), from(held_));
    part(held_.size(), written_,
         [&](std::uint64_t at, std::span<T> out) { file_->read(at * sizeof(T), std::as_writable_bytes(out)); });
    part(held_.size() + written_, waiting_.size(), from(waiting_));
  }

 private:
  static constexpr std::size_t most_waiting = 1 << 16;

  void flush() {
    if (!file_) file_.emplace(folder_, what_);
    file_->write(written_ * sizeof(T), std::as_bytes(std::span(waiting_)));
    written_ += waiting_.size();
    waiting_.clear();
  }

  std::size_t most_held_;
  std::filesystem::path folder_;
  std::string what_;
  std::vector<T> held_, waiting_;
  std::optional<scratch_file> file_;
  std::uint64_t written_ = 0;  // elements in the file
};

/// The sequences of a corpus with their tokens, in order: those that do not fit into memory wait in nameless files.
class sequence_store {
 public:
  /// At most `memory` bytes are held, and a few hundred KiB more; the files lie in `folder`, which is not touched
  /// before it is needed.
  sequence_store(std::uint64_t memory, std::filesystem::path const& folder)
      : tokens_(static_cast<std::size_t>(memory * 3 / 4 / sizeof(token_id)), folder, "token ids"),
        sequences_(static_cast<std::size_t>(memory / 4 / sizeof(sequence)), folder, "sequences") {}

  std::uint64_t tokens() const { return tokens_.size(); }
  std::uint64_t sequences() const { return sequences_.size(); }
  std::uint64_t bytes_held() const { return tokens_.bytes_held() + sequences_.bytes_held(); }

  /// Appends a sequence of tokens.size() tokens; its first_row and length are set here. Throws bad_input naming the
  /// folder where it cannot be written.
  void append(sequence next, std::span<token_id const> tokens) {
    next.first_row = 0;  // told by text()
    next.length = static_cast<std::uint32_t>(tokens.size());
    tokens_.append(tokens);
    sequences_.append(std::span(&next, 1));
  }

  /// Calls visit(sequence) for each, in order.
  template <class Visit>
  void for_each_sequence(Visit visit) const {
    std::vector<sequence> some(std::min<std::uint64_t>(sequences(), 4096));
    for (std::uint64_t first = 0; first < sequences(); first += some.size()) {
      auto const part = std::span(some).first(std::min<std::uint64_t>(some.size(), sequences() - first));
      sequences_.read(first, part);
      for (sequence const& one : part) visit(one);
    }
  }

  /// `count` sequences from `first` on as a text; they hold `rows` tokens, from token `first_token` on. Throws
  /// bad_input naming the folder where they cannot be read.
  text_rows text(std::uint64_t first, std::size_t count, std::uint64_t first_token, std::size_t rows) const {
    text_rows text{std::vector<token_id>(rows), std::vector<sequence>(count)};
    tokens_.read(first_token, text.tokens);
    sequences_.read(first, text.sequences);
    std::uint32_t row = 0;
    for (sequence& one : text.sequences) one.first_row = std::exchange(row, row + one.length);
    return text;
  }

 private:
  spilling_list<token_id> tokens_;
  spilling_list<sequence> sequences_;
};

}  // namespace census
