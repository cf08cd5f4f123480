// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// How a plain text of many documents is cut into them: at a mark, such as <|endoftext|>, or at blank lines.
class document_split {
 public:
  /// What stands for blank lines where a mark is asked for.
  static constexpr std::string_view blank_lines = "blank-lines";

  /// Precondition: the mark is not empty.
  explicit document_split(std::string mark) : mark_(std::move(mark)), at_blank_lines_(mark_ == blank_lines) {}

  /// Bytes first .. last - 1 of a text, which part two documents and are of neither.
  struct cut {
    std::size_t first, last;
  };
  struct found {
    std::optional<census::document_split::cut> cut = {};  ///< the first one
    std::size_t of_document = 0;  ///< so many bytes at the text's beginning are of the document at hand for certain
  };

  /// The first cut in a text behind the byte `before` (a line end at a file's beginning). Where more of the text
  /// `follows`, a cut is given once nothing that follows can change it.
  found find(std::string_view text, char before, bool follows) const {
    return at_blank_lines_ ? find_blank_lines(text, before, follows) : find_mark(text, before, follows);
  }

 private:
  /// A mark at the beginning of a line takes that line's end with it.
  found find_mark(std::string_view text, char before, bool follows) const {
    std::size_t const at = text.find(mark_);
    if (at == std::string_view::npos)
      return {{}, follows ? text.size() - std::min(text.size(), mark_.size() - 1) : text.size()};
    std::size_t last = at + mark_.size();
    if ((at == 0 ? before : text[at - 1]) == '\n') {
      auto const rest = text.substr(last);
      if (follows && (rest.empty() || rest == "\r")) return {{}, at};
      last += rest.starts_with("\r\n") ? 2 : rest.starts_with('\n') ? 1 : 0;
    }
    return {cut{at, last}, at};
  }

  /// Lines of nothing but white space, all that follow one another as one cut.
  static found find_blank_lines(std::string_view text, char before, bool follows) {
    std::size_t line = before == '\n' ? 0 : std::min(text.find('\n'), text.size() - 1) + 1;
    while (line < text.size()) {
      std::size_t const end = end_of_blank(text, line);
      if (end == text.size() && follows) return {{}, line};
      if (end > line) return {cut{line, end}, line};
      line = std::min(text.find('\n', line), text.size() - 1) + 1;
    }
    return {{}, text.size()};
  }

  /// Where the first line that is not blank begins, from a line's beginning on.
  static std::size_t end_of_blank(std::string_view text, std::size_t line) {
    std::size_t const word = text.find_first_not_of(" \t\r\n", line);
    if (word == std::string_view::npos) return text.size();
    std::size_t const last_end = text.substr(line, word - line).rfind('\n');
    return last_end == std::string_view::npos ? line : line + last_end + 1;
  }

  std::string mark_;
  bool at_blank_lines_;
};

}  // namespace census
