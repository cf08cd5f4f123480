// SPDX-License-Identifier: MIT
// What the tests of text files share: files opened with the tokenizer of tests/data/tokenizer, and their documents as
// text again.
#pragma once

#include <census/corpus/open_corpus.hpp>
#include <census/read_file.hpp>
#include <census/tokenizer/open_tokenizer.hpp>

#include <support/complaint_about.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

inline census::tokenizer const& tokenizer() {
  static auto const opened = census::open_tokenizer(CENSUS_TEST_DATA "/tokenizer", 2);
  return opened;
}

inline census::corpus open(std::vector<std::string> const& paths,
                           census::corpus_options const& options = {.context = 16}) {
  return census::open_corpus(tokenizer(), paths, options);
}

// The documents of a corpus by number, without BOS.
inline std::map<std::uint64_t, std::string> documents(census::corpus const& corpus) {
  std::map<std::uint64_t, std::string> texts;
  for (auto const& rows : corpus.texts())
    for (auto const& s : rows->sequences)
      texts[s.document] +=
          tokenizer().decode(std::span(rows->tokens).subspan(s.first_row + s.has_bos, s.length - s.has_bos));
  return texts;
}

// What is said of a text where `change` comes while it is read, behind its first part (a sixteenth of the memory);
// without its name.
template <class Change>
std::string complaint_of_change(std::string const& path, Change change, std::uint64_t memory = 1 << 18) {
  bool is_changed = false;
  auto const tell = [&](census::reading_state const&) {
    if (!std::exchange(is_changed, true)) change();
  };
  return census_test::complaint_about(
      path, [&] { open({path}, {.context = 16, .reading_memory = memory, .tell_reading = tell}); });
}

inline void append_to(std::string const& path, std::string const& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

// Writes a file's own bytes into it once more, some time after they were written.
inline void write_again(std::string const& path) {
  auto const written = std::filesystem::last_write_time(path);
  auto const content = census::read_file(path);
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::last_write_time(path, written + std::chrono::seconds(2));
}
