// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace census {

/// Finds where the items of a JSON list end, in a text that comes in parts, without looking at any byte twice. What an
/// item holds, it does not check.
class json_items {
 public:
  /// Goes on with a text from `at` on; gives the end of the item that begins there or has begun before, behind its last
  /// byte, or npos where the text ends first.
  std::size_t end_of_item(std::string_view text, std::size_t at) {
    for (; at < text.size(); ++at) {
      char const c = text[at];
      if (in_string_) {
        if (escaped_)
          escaped_ = false;
        else if (c == '\\')
          escaped_ = true;
        else if (c == '"')
          in_string_ = false;
      } else if (c == '"') {
        in_string_ = true;
      } else if (c == '{' || c == '[') {
        ++depth_;
      } else if (c == '}' || c == ']') {
        if (depth_ == 0) return at;
        --depth_;
      } else if (c == ',' && depth_ == 0) {
        return at;
      }
    }
    return std::string_view::npos;
  }

 private:
  bool in_string_ = false, escaped_ = false;
  std::size_t depth_ = 0;
};

}  // namespace census
