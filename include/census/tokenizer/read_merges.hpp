// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/read_file.hpp>
#include <census/tokenizer/byte_pair_encoding.hpp>
#include <census/tokenizer/vocabulary.hpp>
#include <census/weights/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace census {

/// Reads `merges.txt`: after an optional line "#version: ...", a line "LEFT RIGHT" a merge, by rank, spelled as in the
/// vocabulary. Throws bad_input naming file and line where a line is no pair, repeats one, or where LEFT, RIGHT or both
/// joined are no token.
inline std::vector<token_merge> read_merges(std::filesystem::path const& path, vocabulary const& tokens) {
  std::string const text = read_file(path);
  std::string_view rest = text;
  std::vector<token_merge> merges;
  std::unordered_set<std::uint64_t> pairs;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::size_t const end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1 && line.starts_with("#version")) continue;

    std::string const place = path.string() + ":" + std::to_string(number);
    std::size_t const space = line.find(' ');
    if (space == 0 || space == std::string_view::npos || space + 1 == line.size() ||
        line.find(' ', space + 1) != line.npos)
      throw bad_input(place, "a merge is two tokens with one space between them");
    auto const known = [&](std::string_view left, std::string_view right = {}) {
      std::string const spelling = std::string(left).append(right);
      if (auto const id = tokens.find(spelling)) return *id;
      throw bad_input(place, "the vocabulary has no token " + escaped_name(spelling));
    };
    auto const left = line.substr(0, space), right = line.substr(space + 1);
    merges.push_back({known(left), known(right), known(left, right)});
    if (!pairs.insert(std::uint64_t{merges.back().left} << 32 | merges.back().right).second)
      throw bad_input(place, "the merge of " + escaped_name(left) + " and " + escaped_name(right) + " occurs twice");
  }
  return merges;
}

}  // namespace census
