// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace census::detail {

/// Reads a file of a census that holds a JSON value a line, line by line, for it may be large. The file is not trusted:
/// throws bad_input naming it where it is no regular file or cannot be read, and its line where that is malformed.
class json_lines {
 public:
  explicit json_lines(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code unknown;
    if (std::filesystem::exists(path_, unknown) && !std::filesystem::is_regular_file(path_, unknown))
      throw bad_input(path_.string(), "is no regular file");  // to open a pipe would wait for its other end
    file_.open(path_);
    if (!file_) throw bad_input(path_.string(), "cannot be read");
  }

  /// File and line of what was read last, for messages.
  std::string place() const { return path_.string() + ", line " + std::to_string(line_); }

  /// The next line's value; none at the end.
  std::optional<nlohmann::json> next() {
    if (!std::getline(file_, text_)) {
      if (!file_.eof()) throw bad_input(path_.string(), "cannot be read");
      return std::nullopt;
    }
    ++line_;
    return parse_json(text_, place());
  }

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::string text_;
  std::size_t line_ = 0;
};

}  // namespace census::detail
