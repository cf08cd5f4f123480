// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/content_hash.hpp>
#include <census/corpus/corpus.hpp>
#include <census/error.hpp>
#include <census/read_file.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// All files *.txt in a folder and the folders below it, sorted by path. Throws bad_input where there is none.
inline std::vector<std::filesystem::path> text_files_below(std::filesystem::path const& folder) {
  std::vector<std::filesystem::path> files;
  try {
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".txt" && !entry.is_directory()) files.push_back(entry.path());
  } catch (std::filesystem::filesystem_error const& error) {
    throw bad_input(error.path1().empty() ? folder.string() : error.path1().string(),
                    "the folder cannot be read: " + error.code().message());
  }
  if (files.empty()) throw bad_input(folder.string(), "the folder holds no .txt file");
  std::ranges::sort(files, {}, [](auto const& file) { return file.native(); });
  return files;
}

/// Refuses the formats that this version does not read, so that none is taken for plain text.
inline void refuse_other_formats(std::filesystem::path const& file) {
  constexpr std::array<std::string_view, 4> not_yet_read{".jsonl", ".gz", ".zst", ".npy"};
  if (std::ranges::find(not_yet_read, file.extension().string()) != not_yet_read.end())
    throw bad_input(file.string(), file.extension().string() + " files are not yet read, only plain text is");
}

}  // namespace detail

/// Opens texts as a corpus. Each of `paths` is [NAME=]PATH, where PATH is a file or a folder (all *.txt in it and
/// below, sorted by path); a file is a document, in any encoding, byte for byte. NAME is the domain, else the file's
/// stem or the folder's name; paths of one name are one domain. A NAME has no slash in it: write ./a=b.txt for a file
/// with that name.
///
/// Throws bad_input naming the path where it is missing, unreadable, empty, given twice, of a format that is not yet
/// read (.jsonl, .gz, .zst, .npy), or a folder without text; and where the corpus itself does (a BOS that is missing, a
/// context too short). Files beyond options.tokens are not opened.
inline corpus open_corpus(tokenizer const& tokens, std::vector<std::string> const& paths,
                          corpus_options const& options = {}) {
  namespace fs = std::filesystem;
  std::vector<std::string> domains;
  std::vector<fs::path> files;              // [document]
  std::vector<std::uint16_t> file_domains;  // [document]
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
                                         : path.stem().string();
    if (name.empty()) throw bad_input(argument, "names no domain");

    auto const domain = static_cast<std::size_t>(std::ranges::find(domains, name) - domains.begin());
    if (domain == domains.size()) domains.push_back(name);
    if (domain > std::numeric_limits<std::uint16_t>::max()) throw bad_input(argument, "there are too many domains");
    for (fs::path const& file : is_folder ? detail::text_files_below(path) : std::vector{path}) {
      detail::refuse_other_formats(file);
      if (!known.insert(fs::weakly_canonical(file, status)).second)
        throw bad_input(file.string(), "the same text is given twice");
      files.push_back(file);
      file_domains.push_back(static_cast<std::uint16_t>(domain));
    }
  }

  std::vector<corpus_source> sources;
  auto const read = [&](std::size_t document) {
    std::string const text = read_file(files[document]);
    if (text.empty()) throw bad_input(files[document].string(), "the text is empty");
    sources.push_back({.path = files[document].string(),
                       .domain = domains[file_domains[document]],
                       .document = document,
                       .bytes = text.size(),
                       .hash = content_hash(text)});
    return tokens.encode(text);
  };
  corpus texts(domains, file_domains, read, tokens.bos(), options);
  std::ranges::sort(sources, {}, &corpus_source::document);
  return std::move(texts).with_sources(std::move(sources));
}

}  // namespace census
