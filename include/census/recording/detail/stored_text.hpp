// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_parts.hpp>
#include <census/activation/text_rows.hpp>
#include <census/recording/detail/open_stored.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/recording/recording_description.hpp>
#include <census/token_id.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// One tensor of text.safetensors: a number a sequence, or a row.
template <class T>
class stored_numbers {
 public:
  stored_numbers(checkpoint const& file, char const* name, dtype type, std::uint64_t count)
      : stored_(expect_tensor(file, name, type, {static_cast<std::size_t>(count)})) {}

  T operator[](std::uint64_t i) const {
    T value;
    std::memcpy(&value, stored_.bytes.data() + i * sizeof(T), sizeof(T));
    return value;
  }
  std::uint64_t size() const { return stored_.elements(); }
  tensor const& stored() const { return stored_; }

  [[noreturn]] void refuse(std::uint64_t i, std::string const& cause) const {
    refuse_tensor(stored_, "[" + std::to_string(i) + "] " + cause);
  }

 private:
  tensor stored_;  // a view of the mapping
};

/// text.safetensors, mapped, as text_writer writes it; gone through once when it is opened, for it is not trusted.
class stored_text {
 public:
  /// Throws bad_input naming the file, and the tensor and place in it.
  stored_text(std::filesystem::path const& folder, recording_index const& index)
      : file_(open_stored(folder, index.text)), tokens_(file_, "tokens", dtype::uint32, index.about.tokens),
        documents_(file_, "documents", dtype::uint64, index.about.sequences),
        offsets_(file_, "offsets", dtype::uint64, index.about.sequences),
        pieces_(file_, "pieces", dtype::uint32, index.about.sequences),
        lengths_(file_, "lengths", dtype::uint32, index.about.sequences),
        domains_(file_, "domains", dtype::uint16, index.about.sequences),
        full_(file_, "full", dtype::boolean, index.about.sequences),
        has_bos_(file_, "has_bos", dtype::boolean, index.about.sequences), tokens_in_(index.about.domains.size()) {
    check_sequences(index.about);
    check_tokens(index.about.tokens);
    count_documents(index.about.sequences);
    for (tensor const& one : file_.tensors()) file_.drop(one.bytes);
  }

  std::vector<std::uint64_t> const& tokens_in() const { return tokens_in_; }
  std::uint64_t distinct_tokens() const { return distinct_tokens_; }
  std::uint64_t documents() const { return documents_met_; }
  std::uint64_t full_sequences() const { return full_sequences_; }
  std::size_t length(std::uint64_t sequence) const { return lengths_[sequence]; }

  /// Throws bad_input naming the place of a token that is not among the first `named`. One that is not known may be
  /// any.
  void check_tokens_below(std::uint64_t named) const {
    if (tokens_end_ <= named) return;
    for (std::uint64_t row = 0; row < tokens_.size(); ++row)
      if (token_id const token = tokens_[row]; token != no_token && token >= named)
        tokens_.refuse(row, "is " + std::to_string(token) + ", where the model has tokens 0 to " +
                                std::to_string(named - 1));
  }

  /// Whether there are so many sequences and rows.
  bool holds(text_part const& part) const {
    std::uint64_t const sequences = lengths_.size(), rows = tokens_.size();
    return part.first_sequence <= sequences && part.sequences <= sequences - part.first_sequence &&
           part.first_row <= rows && part.rows <= rows - part.first_row;
  }

  /// The text of some sequences, which it holds. Throws bad_input where the file changed since it was opened.
  text_rows rows(text_part const& part) const {
    file_.check_unchanged();
    text_rows text;
    text.tokens.resize(part.rows);
    auto const bytes = tokens_.stored().bytes.subspan(part.first_row * sizeof(token_id), part.rows * sizeof(token_id));
    std::memcpy(text.tokens.data(), bytes.data(), bytes.size());
    file_.drop(bytes);
    std::uint32_t row = 0;
    for (std::uint64_t s = part.first_sequence; s < part.first_sequence + part.sequences; ++s) {
      text.sequences.push_back({.document = documents_[s],
                                .piece = pieces_[s],
                                .first_row = row,
                                .length = lengths_[s],
                                .domain = domains_[s],
                                .full = full_[s] != 0,
                                .has_bos = has_bos_[s] != 0,
                                .offset = offsets_[s]});
      row += lengths_[s];
    }
    return text;
  }

 private:
  static constexpr token_id most_tokens = 1 << 24;  // no vocabulary has as many

  void check_sequences(recording_description const& about) {
    std::uint64_t rows = 0;
    for (std::uint64_t s = 0; s < about.sequences; ++s) {
      std::uint32_t const length = lengths_[s];
      if (length == 0 || length > about.context || length > about.tokens - rows)
        lengths_.refuse(s, "is " + std::to_string(length) + ", no length of a sequence here");
      rows += length;
      if (domains_[s] >= about.domains.size()) domains_.refuse(s, "is of a domain that has no name");
      if (full_[s] > 1) full_.refuse(s, "is neither 0 nor 1");
      if (has_bos_[s] > 1) has_bos_.refuse(s, "is neither 0 nor 1");
      if (full_[s] == 1 && length != about.context)
        full_.refuse(s, "says that a sequence of " + std::to_string(length) + " tokens fills the context of " +
                            std::to_string(about.context));
      tokens_in_[domains_[s]] += length;
      full_sequences_ += full_[s];
    }
    if (rows != about.tokens)
      refuse_tensor(lengths_.stored(), "sums to " + std::to_string(rows) + ", where there are " +
                                           std::to_string(about.tokens) + " tokens");
  }

  void check_tokens(std::uint64_t count) {
    std::vector<bool> met;
    for (std::uint64_t row = 0; row < count; ++row) {
      token_id const token = tokens_[row];
      if (token == no_token) continue;
      tokens_end_ = std::max(tokens_end_, std::uint64_t{token} + 1);
      if (token >= most_tokens) tokens_.refuse(row, "is " + std::to_string(token) + ", no token id");
      if (token >= met.size()) met.resize(std::size_t{token} + 1);
      met[token] = true;
    }
    distinct_tokens_ = static_cast<std::uint64_t>(std::ranges::count(met, true));
  }

  void count_documents(std::uint64_t sequences) {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> all;  // document, piece
    for (std::uint64_t s = 0; s < sequences; ++s) all.emplace_back(documents_[s], pieces_[s]);
    std::ranges::sort(all);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0 && all[i] == all[i - 1])
        refuse_tensor(documents_.stored(), "has piece " + std::to_string(all[i].second) + " of document " +
                                               std::to_string(all[i].first) + " twice");
      documents_met_ += i == 0 || all[i].first != all[i - 1].first;
    }
  }

  checkpoint file_;
  stored_numbers<std::uint32_t> tokens_;
  stored_numbers<std::uint64_t> documents_, offsets_;
  stored_numbers<std::uint32_t> pieces_, lengths_;
  stored_numbers<std::uint16_t> domains_;
  stored_numbers<std::uint8_t> full_, has_bos_;
  std::vector<std::uint64_t> tokens_in_;  // [domain]
  std::uint64_t distinct_tokens_ = 0, documents_met_ = 0, full_sequences_ = 0;
  std::uint64_t tokens_end_ = 0;  // behind the greatest id
};

}  // namespace census::detail
