// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>
#include <census/projection/neuron_profile.hpp>
#include <census/report/detail/ngram_name.hpp>
#include <census/report/detail/percent.hpp>
#include <census/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace census {

/// A token's text in quotes, on one line whatever it holds: control bytes, bytes that are no whole UTF-8 character, and
/// what else could steer a terminal (printable) appear as escapes.
inline std::string in_one_line(std::string_view text) {
  std::string line = "\"";
  while (!text.empty()) {
    std::size_t const length = std::max<std::size_t>(1, character_length(text));
    auto const byte = static_cast<unsigned char>(text[0]);
    if (byte == '\n')
      line += "\\n";
    else if (byte == '\t')
      line += "\\t";
    else if (byte == '"' || byte == '\\')
      (line += '\\') += text[0];
    else if (length > 1 || (byte >= 0x20 && byte < 0x7f))
      line += printable(text.substr(0, length));
    else {
      char escape[5];
      std::snprintf(escape, sizeof escape, "\\x%02x", byte);
      line += escape;
    }
    text.remove_prefix(length);
  }
  return line + '"';
}

/// A neuron as a short paragraph: its name, its tokens or n-grams with how often it fires on each, what its update
/// promotes and suppresses.
inline void print_profile(std::ostream& out, neuron_profile const& profile) {
  std::size_t const n = profile.ngrams.empty() ? 1 : profile.ngrams.front().ids.size();
  std::string const ngram = n == 1 ? "token" : detail::name_of_ngram(n);
  out << "layer " << profile.layer << ", neuron " << profile.neuron << ": fired " << profile.firings
      << " times, 95 % of them on " << profile.cover << ' ' << ngram << (profile.cover == 1 ? "" : "s")
      << (profile.is_detector ? " (a " + ngram + " detector)" : "") << '\n';
  out << "  fires on   ";
  constexpr std::size_t at_most = 8;
  for (auto const& shown : std::span(profile.ngrams).first(std::min(at_most, profile.ngrams.size()))) {
    double const rate = static_cast<double>(shown.firings) / static_cast<double>(shown.occurrences);
    out << ' ' << in_one_line(shown.text) << " (" << detail::percent(rate, 0) << " of " << shown.occurrences << ')';
  }
  if (profile.ngrams.size() > at_most) out << " and " << profile.ngrams.size() - at_most << " more";
  auto const tokens = [&](char const* verb, auto const& ranked) {
    out << "\n  " << verb;
    for (auto const& token : ranked) out << ' ' << in_one_line(token.text);
  };
  tokens("promotes   ", profile.promoted);
  tokens("suppresses ", profile.suppressed);
  out << '\n';
}

}  // namespace census
