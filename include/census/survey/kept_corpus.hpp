// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace census {

/// The text that a census was taken on, so that it can be kept beside the census and several parts of it be put
/// together: a census_corpus in memory, 4 bytes a token and 32 a sequence.
class kept_corpus {
 public:
  kept_corpus() = default;

  /// The text of a corpus, read when it is stored: a copy of its list of texts, not of its tokens.
  template <census_corpus Corpus>
  explicit kept_corpus(Corpus const& corpus)
      : domains_(corpus.domains()), context_(corpus.context()), texts_(corpus.texts(rows_of_text)) {
    count();
  }

  /// Appends the text of another part of the same corpus. Throws std::invalid_argument where domains or context differ;
  /// that no sequence is in both, the states of layers tell.
  void merge(kept_corpus const& other) {
    if (domains_ != other.domains_ || context_ != other.context_)
      throw std::invalid_argument(
          "census::kept_corpus: the two are of other domains, or of sequences of another length");
    std::vector<shared_text> all;
    for (kept_corpus const* one : {static_cast<kept_corpus const*>(this), &other})
      for (shared_text const& text : one->texts_) all.push_back(text);
    texts_ = text_list(std::move(all));
    count();
  }

  std::vector<std::string> const& domains() const { return domains_; }
  std::size_t context() const { return context_; }
  std::uint64_t tokens() const { return tokens_; }
  std::uint64_t distinct_tokens() const { return distinct_tokens_; }

  /// One behind the greatest token id; 0 where no token is known.
  std::uint64_t tokens_end() const { return tokens_end_; }

  std::uint64_t documents() const { return documents_; }
  std::uint64_t sequences() const { return sequences_; }
  std::uint64_t full_sequences() const { return full_sequences_; }
  std::uint64_t bytes_held() const { return text_rows::bytes(tokens_, sequences_); }

  /// The texts as they lie, whatever number of rows is asked for.
  text_list texts(std::size_t = 0) const { return texts_; }

  /// Throws std::invalid_argument where sequences and tokens are not of one text.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("domains", domains_)("context", context_);
    std::vector<sequence> sequences;
    if constexpr (!Archive::is_reading)
      for (shared_text const& text : texts_)
        sequences.insert(sequences.end(), text->sequences.begin(), text->sequences.end());
    archive("sequences", sequences);
    if constexpr (Archive::is_reading) {
      auto const tokens = archive.template pieces<token_id>("tokens");
      texts_ = text_list(cut(sequences, tokens.size(),
                             [&](std::size_t first, std::span<token_id> into) { tokens.copy(first, into); }));
      count();
    } else {
      archive.template pieces<token_id>("tokens", tokens_, [texts = texts_](auto const& sink) {
        for (shared_text const& text : texts) sink(std::span<token_id const>(text->tokens));
      });
    }
  }

 private:
  static constexpr std::size_t rows_of_text = 8192;

  /// Texts of some rows each, out of all sequences in their order; read(first, into) gives tokens.
  template <class Read>
  static std::vector<shared_text> cut(std::vector<sequence> const& sequences, std::uint64_t tokens, Read const& read) {
    std::vector<shared_text> texts;
    std::uint64_t first = 0;
    for (std::size_t s = 0; s < sequences.size();) {
      text_rows text;
      std::uint64_t rows = 0;
      for (; s < sequences.size() && (rows == 0 || rows + sequences[s].length <= rows_of_text); ++s) {
        text.sequences.push_back(sequences[s]);
        text.sequences.back().first_row = static_cast<std::uint32_t>(rows);
        rows += sequences[s].length;
      }
      if (rows > tokens - first)
        throw std::invalid_argument("census::kept_corpus: the sequences hold more tokens than there are");
      text.tokens.resize(rows);
      read(first, text.tokens);
      first += rows;
      texts.push_back(share(std::move(text)));
    }
    if (first != tokens)
      throw std::invalid_argument("census::kept_corpus: the sequences hold fewer tokens than there are");
    return texts;
  }

  void count() {
    std::unordered_set<std::uint64_t> documents;
    std::unordered_set<token_id> tokens;
    tokens_ = tokens_end_ = sequences_ = full_sequences_ = 0;
    for (shared_text const& text : texts_) {
      tokens_ += text->tokens.size(), sequences_ += text->sequences.size();
      tokens.insert(text->tokens.begin(), text->tokens.end());
      for (sequence const& one : text->sequences) {
        if (one.domain >= domains_.size())
          throw std::invalid_argument("census::kept_corpus: document " + std::to_string(one.document) +
                                      " is of a domain that there is not");
        documents.insert(one.document);
        full_sequences_ += one.full;
      }
    }
    for (token_id const token : tokens)
      if (token != no_token) tokens_end_ = std::max(tokens_end_, std::uint64_t{token} + 1);
    documents_ = documents.size(), distinct_tokens_ = tokens.size();
  }

  std::vector<std::string> domains_;
  std::uint64_t context_ = 0;
  text_list texts_;
  std::uint64_t tokens_ = 0, distinct_tokens_ = 0, tokens_end_ = 0, documents_ = 0, sequences_ = 0, full_sequences_ = 0;
};

/// The file in a census's folder that keeps its text, and what it says that it holds.
inline constexpr char const* text_state_name = "state-text.safetensors";
inline constexpr char const* what_text_state_holds = "the text of a census";

}  // namespace census
