// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace census::detail {

/// Calls see(line as JSON) for each line of a file that a census wrote, such as detectors.jsonl. The file is not
/// trusted: throws bad_input naming file and line where it is malformed, or where `see` asks a line for what it does
/// not hold.
template <class See>
void for_each_json_line(std::filesystem::path const& path, See const& see) {
  std::string const text = read_file(path);
  std::string_view rest = text;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    std::size_t const end = std::min(rest.find('\n'), rest.size());
    std::string const place = path.string() + ":" + std::to_string(line);
    auto const json = parse_json(rest.substr(0, end), place);
    try {
      see(json);
    } catch (nlohmann::json::exception const&) {
      throw bad_input(place, "is no line that a census writes");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace census::detail
