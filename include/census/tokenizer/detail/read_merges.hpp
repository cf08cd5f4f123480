// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace census {

/// Gathers the merges of a file, by rank, spelled as in the vocabulary.
class merge_list {
 public:
  explicit merge_list(vocabulary const& tokens) : tokens_(&tokens) {}

  /// The next merge; `place` names file and place in it. Throws bad_input where it occurred before, or where `left`,
  /// `right` or both joined are no token.
  void add(std::string_view left, std::string_view right, std::string const& place) {
    auto const known = [&](std::string const& spelling) {
      if (auto const id = tokens_->find(spelling)) return *id;
      throw bad_input(place, "the vocabulary has no token " + escaped_name(spelling));
    };
    token_merge const merge{known(std::string(left)), known(std::string(right)),
                            known(std::string(left).append(right))};
    if (!pairs_.insert(std::uint64_t{merge.left} << 32 | merge.right).second)
      throw bad_input(place, "the merge of " + escaped_name(left) + " and " + escaped_name(right) + " occurs twice");
    merges_.push_back(merge);
  }

  /// The same for "LEFT RIGHT"; throws bad_input where it is no pair, too.
  void add(std::string_view pair, std::string const& place) {
    std::size_t const space = pair.find(' ');
    if (space == 0 || space == std::string_view::npos || space + 1 == pair.size() ||
        pair.find(' ', space + 1) != pair.npos)
      throw bad_input(place, "a merge is two tokens with one space between them");
    add(pair.substr(0, space), pair.substr(space + 1), place);
  }

  std::vector<token_merge> const& merges() const { return merges_; }

 private:
  vocabulary const* tokens_;
  std::vector<token_merge> merges_;
  std::unordered_set<std::uint64_t> pairs_;
};

/// Reads `merges.txt`: after an optional line "#version: ...", a line "LEFT RIGHT" a merge. Throws bad_input naming
/// file and line, as merge_list does, and where there is no merge for a vocabulary of more than 1024 tokens.
inline std::vector<token_merge> read_merges(std::filesystem::path const& path, vocabulary const& tokens) {
  std::string const text = read_file(path);
  std::string_view rest = text;
  merge_list merges(tokens);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::size_t const end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1 && line.starts_with("#version")) continue;
    merges.add(line, path.string() + ":" + std::to_string(number));
  }
  if (text.find_first_not_of(" \r\n") == std::string::npos && tokens.size() > 1024)
    throw bad_input(path.string(),
                    "holds no merge, but the vocabulary has " + std::to_string(tokens.size()) + " tokens");
  return merges.merges();
}

}  // namespace census
