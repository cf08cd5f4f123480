// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/corpus.hpp>
#include <census/corpus/detail/document_reader.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// Opens texts as a corpus, encoded by a tokenizer: model.tokenizer(), or model.encoding() where there may be none.
/// Each of `paths` is [NAME=]PATH, where PATH is a file or a folder: all text files in it and
/// below, sorted by path. The file's name says what is in it (document_reader tells how it is read): .jsonl, .npy, else
/// plain text, in any encoding, byte for byte; behind .gz or .zst a compressed one. NAME is the domain, else the file's
/// name without these endings, or the folder's name; paths of one name are one domain. A NAME has no slash in it: write
/// ./a=b.txt for a file with that name. Documents are numbered in the order in which the corpus takes them.
///
/// Throws bad_input naming the path where it is missing, unreadable, empty, given twice, of a format that is not read,
/// malformed, or a folder without text; and where the corpus itself does (a BOS that is missing, a context too short).
/// Files beyond options.tokens are not opened, and the last one of a domain is not read further than needed.
inline corpus open_corpus(text_encoding const& encoding, std::vector<std::string> const& paths,
                          corpus_options const& options = {}) {
  namespace fs = std::filesystem;
  std::vector<std::string> domains;
  std::vector<std::deque<fs::path>> files;  // [domain]
  std::set<fs::path> known;
  for (std::string const& argument : paths) {
    std::size_t const equals = argument.find('='), slash = argument.find('/');
    bool const is_named = equals != std::string::npos && equals < slash;
    fs::path const path = is_named ? argument.substr(equals + 1) : argument;
    std::error_code status;
    if (!fs::exists(path, status)) throw bad_input(path.string(), "there is no such file or folder");
    bool const is_folder = fs::is_directory(path, status);
    std::string const name = is_named    ? argument.substr(0, equals)
                             : is_folder ? fs::weakly_canonical(path, status).filename().string()
                                         : kind_of_text_file(path).stem;
    if (name.empty()) throw bad_input(argument, "names no domain");

    auto const domain = static_cast<std::size_t>(std::ranges::find(domains, name) - domains.begin());
    if (domain == domains.size()) {
      domains.push_back(name);
      files.emplace_back();
    }
    if (domain > std::numeric_limits<std::uint16_t>::max()) throw bad_input(argument, "there are too many domains");
    for (fs::path const& file : is_folder ? text_files_below(path) : std::vector{path}) {
      kind_of_text_file(file);  // refuses what is not read
      if (!known.insert(fs::weakly_canonical(file, status)).second)
        throw bad_input(file.string(), "the same text is given twice");
      files[domain].push_back(file);
    }
  }

  std::vector<corpus_source> sources;
  std::vector<std::optional<document_reader>> open(domains.size());
  std::uint64_t documents = 0;
  std::vector<std::uint64_t> number(domains.size());  // of the document at hand,
  std::vector<bool> inside(domains.size());           // where more of it follows
  auto const next = [&](std::size_t domain) -> std::optional<numbered_document> {
    while (true) {
      if (open[domain])
        if (auto part = open[domain]->next()) {
          if (!inside[domain]) number[domain] = documents++;
          inside[domain] = part->goes_on;
          return numbered_document{number[domain], std::move(part->tokens), part->goes_on};
        }
      if (files[domain].empty()) return std::nullopt;
      fs::path const file = std::move(files[domain].front());
      files[domain].pop_front();
      auto const [bytes, hash] = size_and_hash(file);
      sources.push_back({file.string(), domains[domain], documents, bytes, hash});
      open[domain].emplace(encoding, file, options.field, options.document_bytes);
    }
  };
  corpus texts(domains, next, encoding.bos(), options);
  return std::move(texts).with_sources(std::move(sources));
}

}  // namespace census
