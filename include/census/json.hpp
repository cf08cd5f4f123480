// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// A name out of an untrusted file, fit for a message of one line: in quotes, control characters escaped, at most
/// `limit` bytes.
inline std::string escaped_name(std::string_view name, std::size_t limit = 100) {
  auto const cut = nlohmann::json(name.substr(0, limit)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return name.size() <= limit ? cut : cut + " ...";
}

/// Reads JSON from an untrusted file; `place` names it. Throws bad_input where it is malformed, where an object has a
/// key twice (readers would differ in which one they take) and where it is nested deeper than `depth_limit`.
inline nlohmann::json parse_json(std::string_view text, std::string const& place, int depth_limit = 16) {
  using event = nlohmann::json::parse_event_t;
  std::vector<std::set<std::string>> keys;
  auto const check = [&](int depth, event happened, nlohmann::json& parsed) {
    if (depth > depth_limit) throw bad_input(place, "the JSON is nested too deeply");
    if (happened == event::object_start) keys.emplace_back();
    if (happened == event::object_end) keys.pop_back();
    if (happened == event::key && !keys.back().insert(parsed.get<std::string>()).second)
      throw bad_input(place, "the JSON has the key " + escaped_name(parsed.get<std::string>()) + " twice");
    return true;
  };
  try {
    return nlohmann::json::parse(text.begin(), text.end(), check);
  } catch (nlohmann::json::parse_error const& error) {
    throw bad_input(place, "malformed JSON at byte " + std::to_string(error.byte));
  } catch (nlohmann::json::exception const&) {
    throw bad_input(place, "malformed JSON: a number is out of range");
  }
}

}  // namespace census
