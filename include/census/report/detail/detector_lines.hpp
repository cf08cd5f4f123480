// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

namespace census::detail {

/// Calls see(line as JSON) for each line of detectors.jsonl. The file is not trusted: throws bad_input naming file and
/// line where it is malformed, or where `see` asks a line for what it does not hold.
template <class See>
void for_each_detector_line(std::filesystem::path const& path, See const& see) {
  std::ifstream file(path);
  if (!file) throw bad_input(path.string(), "cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    auto const place = path.string() + ", line " + std::to_string(number);
    auto const json = parse_json(line, place);
    try {
      see(json);
    } catch (nlohmann::json::exception const&) {
      throw bad_input(place, "is no line of a detector as a census writes it");
    }
  }
}

}  // namespace census::detail
