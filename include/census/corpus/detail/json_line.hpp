// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace census {

namespace detail {

/// Whether a text is a number as JSON writes it. Source: RFC 8259, 6.
inline bool is_json_number(std::string_view text) {
  auto const take_one_of = [&](std::string_view some) {
    bool const is_there = !text.empty() && some.find(text.front()) != std::string_view::npos;
    text.remove_prefix(is_there);
    return is_there;
  };
  auto const take_digits = [&] {
    auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(digits);
    return digits > 0;
  };
  take_one_of("-");
  if (!take_one_of("0") && !take_digits()) return false;
  if (take_one_of(".") && !take_digits()) return false;
  if (take_one_of("eE") && (take_one_of("+-"), !take_digits())) return false;
  return text.empty();
}

struct mended {
  bool anything = false;
  std::size_t halves = 0;  ///< of surrogate pairs
};

/// Mends in place, byte for byte, what JSON forbids and programs write nevertheless, so that a line can be read for one
/// text in it: outside of strings NaN and Infinity (Python's json) and numbers, which may be beyond any double, become
/// 0; in strings an escape that is half of a surrogate pair becomes U+FFFD. Gives what it has done.
inline mended mend_json(std::string& line) {
  mended done;
  auto const put = [&](std::size_t first, std::size_t end) {
    line.replace(first, end - first, end - first, ' ');
    line[first] = '0';
    done.anything = true;
  };
  auto const escape_at = [&](std::size_t at) -> unsigned {  // the code unit of \uXXXX; 0 where there is none
    if (at + 6 > line.size() || line[at] != '\\' || line[at + 1] != 'u') return 0;
    auto const digits = line.substr(at + 2, 4);
    if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return 0;
    return static_cast<unsigned>(std::stoul(digits, nullptr, 16));
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '"') {
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] != '\\') continue;
        unsigned const unit = escape_at(at);
        bool const is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
        unsigned const next = is_high ? escape_at(at + 6) : 0;
        if (is_high && next >= 0xdc00 && next < 0xe000) {
          at += 11;
        } else if (is_high || is_low) {
          line.replace(at, 6, "\\ufffd");
          ++done.halves, done.anything = true, at += 5;
        } else {
          ++at;
        }
      }
      continue;
    }
    for (std::string_view const word : {"-Infinity", "Infinity", "NaN"})
      if (std::string_view(line).substr(at).starts_with(word)) {
        put(at, at + word.size());
        break;
      }
    if (line[at] != '-' && (line[at] < '0' || line[at] > '9')) continue;
    std::size_t const end = std::min(line.find_first_not_of("+-.0123456789eE", at), line.size());
    auto const number = std::string_view(line).substr(at, end - at);
    if (is_json_number(number)) put(at, end);
    at = end - 1;
  }
  return done;
}

}  // namespace detail

/// The text in a field of a JSON object; `place` names the line. What detail::mend_json mends is read, and halves of
/// surrogate pairs are added to `halves`. Throws bad_input where the line is no such object.
inline std::string text_in_json(std::string& line, std::string const& field, std::string const& place,
                                std::size_t& halves) {
  auto const parse = [&] { return parse_json(line, place, 64); };
  auto const parse_mended = [&] {
    try {
      return parse();
    } catch (bad_input const&) {
      auto const mended = detail::mend_json(line);
      if (!mended.anything) throw;
      halves += mended.halves;
      return parse();
    }
  };
  auto parsed = parse_mended();
  if (!parsed.is_object()) throw bad_input(place, "the line is no JSON object");
  auto const found = parsed.find(field);
  if (found == parsed.end()) throw bad_input(place, "the line has no field " + escaped_name(field));
  if (!found->is_string()) throw bad_input(place, "the field " + escaped_name(field) + " is no text");
  return std::move(found->get_ref<std::string&>());
}

}  // namespace census
