// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>

namespace census {

/// What is given as [NAME=]PATH.
struct named_path {
  std::string name;  ///< empty where none was given
  std::filesystem::path path;
  bool is_named = false;
};

/// Takes [NAME=]PATH apart. A name is what stands before the first `=`, unless a file or folder of the whole name
/// exists (lang=en/part-0.txt); it has no slash in it.
inline named_path split_named_path(std::string const& argument) {
  std::error_code unknown;
  std::size_t const equals = argument.find('=');
  if (equals == std::string::npos || equals > argument.find('/') || std::filesystem::exists(argument, unknown))
    return {"", argument, false};
  return {argument.substr(0, equals), argument.substr(equals + 1), true};
}

}  // namespace census
