// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/corpus.hpp>
#include <census/corpus/open_corpus.hpp>
#include <census/tokenizer/text_encoding.hpp>

#include <fuzz/support/byte_tokens.hpp>
#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace census_fuzz {

/// What readers of texts are given here: so little memory that the limits are met, and so few tokens that a small file
/// which decompresses to gigabytes is not read to its end.
inline census::corpus_options reading_little() {
  census::corpus_options options;
  options.context = 32;
  options.tokens = 1 << 14;
  options.document_bytes = 1 << 20;
  options.memory = 1 << 16;
  options.reading_memory = std::uint64_t{32} << 20;
  return options;
}

/// Opens a text of the folder as a corpus, checks what a corpus promises of its sequences, and gives the bytes that its
/// tokens stand for, BOS left out.
inline std::string check_corpus(input_folder const& files, char const* name, census::corpus_options const& options) {
  auto const& tokens = byte_tokenizer();
  census::corpus const opened = census::open_corpus(tokens, {(files / name).string()}, options);
  std::uint64_t rows = 0, sequences = 0, full = 0;
  std::string bytes;
  for (auto const& text : opened.texts(256))
    for (auto const& one : text->sequences) {
      ensure(one.length > 0 && one.length <= opened.context(), "a sequence holds a token, and at most the context");
      ensure(one.full == (one.length == opened.context()), "a sequence is full where it fills the context");
      ensure(one.has_bos && text->tokens[one.first_row] == *tokens.bos(), "each sequence begins with BOS");
      for (std::size_t row = one.first_row; row < one.first_row + one.length; ++row) {
        ensure(text->tokens[row] < tokens.vocabulary_size(), "ids are of the vocabulary");
        if (row > one.first_row) bytes += tokens.decode(text->tokens[row]);
      }
      rows += one.length, ++sequences, full += one.full;
    }
  ensure(rows == opened.tokens() && sequences == opened.sequences() && full == opened.full_sequences(),
         "a corpus holds the sequences and tokens that it says");
  ensure(opened.documents() <= sequences && !opened.sources().empty(), "each document gives a sequence");
  return bytes;
}

/// check_corpus where a text may be refused: messages name its file, or what was asked of all texts.
inline void read_corpus(input_folder const& files, char const* name, census::corpus_options const& options) {
  files.read([&] { check_corpus(files, name, options); }, {"the corpus: ", "split at "});
}

}  // namespace census_fuzz
