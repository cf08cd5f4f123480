// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// A name out of an untrusted file, fit for a message of one line: in quotes, control characters escaped, at most
/// `limit` bytes.
inline std::string escaped_name(std::string_view name, std::size_t limit = 100) {
  auto const cut = nlohmann::json(name.substr(0, limit)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return name.size() <= limit ? cut : cut + " ...";
}

/// A JSON value as text, on one line unless an indent is told; bytes that are no UTF-8 become U+FFFD.
template <class Json>
std::string json_text(Json const& value, int indent = -1) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

namespace detail {

/// Builds what a JSON text says, event by event, and refuses what parse_json refuses.
class json_builder {
 public:
  using json = nlohmann::json;

  json_builder(std::string const& place, std::size_t depth_limit) : place_(place), depth_limit_(depth_limit) {}

  json result() && { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(json::number_integer_t value) { return add(value); }
  bool number_unsigned(json::number_unsigned_t value) { return add(value); }
  bool number_float(json::number_float_t value, std::string const&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(json::binary_t&) { return false; }  // JSON as text has none

  bool start_object(std::size_t) { return open(json::value_t::object); }
  bool start_array(std::size_t) { return open(json::value_t::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (open_.back()->contains(name)) throw bad_input(place_, "the JSON has the key " + escaped_name(name) + " twice");
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t byte, std::string const&, json::exception const& error) {
    if (dynamic_cast<json::out_of_range const*>(&error) != nullptr)
      throw bad_input(place_, "malformed JSON: a number is out of range");
    throw bad_input(place_, "malformed JSON at byte " + std::to_string(byte));
  }

 private:
  json* place_for(json value) {
    if (open_.size() > depth_limit_) throw bad_input(place_, "the JSON is nested too deeply");
    if (open_.empty()) return &(root_ = std::move(value));
    if (open_.back()->is_object()) return &((*open_.back())[key_] = std::move(value));
    open_.back()->push_back(std::move(value));
    return &open_.back()->back();
  }
  bool add(json value) { return place_for(std::move(value)) != nullptr; }
  bool open(json::value_t kind) { return open_.push_back(place_for(json(kind))), true; }
  bool close() { return open_.pop_back(), true; }

  std::string const& place_;
  std::size_t depth_limit_;
  json root_;
  std::vector<json*> open_;  // the objects and arrays that have begun, outermost first
  std::string key_;
};

}  // namespace detail

/// Reads JSON from an untrusted file; `place` names it. Throws bad_input where it is malformed, where an object has a
/// key twice (readers would differ in which one they take), where it is nested deeper than `depth_limit`, where it
/// holds a NUL byte (the parser would take what is behind it for nothing), or where memory does not hold it. Time and
/// memory are linear in the text.
inline nlohmann::json parse_json(std::string_view text, std::string const& place, std::size_t depth_limit = 16) {
  if (auto const nul = text.find('\0'); nul != text.npos)
    throw bad_input(place, "malformed JSON at byte " + std::to_string(nul + 1) + ": a NUL byte");
  // Of the library's own entries to its parser, each compiles several: parse two builders, sax_parse the binary
  // formats.
  using nlohmann::detail::input_adapter;
  using adapter = decltype(input_adapter(text.begin(), text.end()));
  detail::json_builder builder(place, depth_limit);
  try {
    nlohmann::detail::parser<nlohmann::json, adapter>(input_adapter(text.begin(), text.end())).sax_parse(&builder);
    return std::move(builder).result();
  } catch (std::bad_alloc const&) {
    throw bad_input(place, "the JSON, of " + std::to_string(text.size()) + " bytes, needs more memory than there is");
  }
}

}  // namespace census
