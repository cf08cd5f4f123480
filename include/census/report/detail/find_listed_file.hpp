// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace census::detail {

/// Whether a census has this file, where its run.json lists those; of one that lists none, nothing else is known.
inline bool may_have_file(std::vector<std::string> const& listed, std::string_view name) {
  return listed.empty() || std::ranges::find(listed, name) != listed.end();
}

/// Where a file lies that a census need not have; none where it has none. Throws bad_input where its run.json lists the
/// file, and it is gone: what a census told is not to be missing in silence.
inline std::optional<std::filesystem::path>
find_listed_file(std::vector<std::string> const& listed, std::filesystem::path const& folder, std::string_view name) {
  if (!may_have_file(listed, name)) return std::nullopt;
  auto path = folder / name;
  std::error_code unknown;
  if (std::filesystem::exists(path, unknown)) return path;
  if (listed.empty()) return std::nullopt;
  throw bad_input(path.string(), "is missing, though run.json lists it");
}

}  // namespace census::detail
