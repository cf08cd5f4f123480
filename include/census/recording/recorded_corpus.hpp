// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_parts.hpp>
#include <census/activation/text_rows.hpp>
#include <census/ignored.hpp>
#include <census/recording/detail/stored_text.hpp>
#include <census/recording/recording_description.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The text of a recording: a census_corpus, so that a census is taken of it as of a census::corpus, whose words it
/// shares. It stays mapped; a copy shares it.
class recorded_corpus {
 public:
  recorded_corpus(std::shared_ptr<detail::stored_text const> text, recording_description about)
      : text_(std::move(text)), about_(std::move(about)) {}

  std::vector<std::string> const& domains() const { return about_.domains; }

  /// Rows, BOS included: of the whole text, and of one domain.
  std::uint64_t tokens() const { return about_.tokens; }
  std::uint64_t tokens_in(std::size_t domain) const { return text_->tokens_in().at(domain); }

  std::uint64_t distinct_tokens() const { return text_->distinct_tokens(); }
  std::uint64_t documents() const { return text_->documents(); }
  std::uint64_t sequences() const { return about_.sequences; }
  std::uint64_t full_sequences() const { return text_->full_sequences(); }
  std::size_t context() const { return about_.context; }
  std::optional<token_id> bos() const { return about_.bos; }

  /// Bytes of memory that it takes beside the text that was asked for last: none.
  std::uint64_t bytes_held() const { return 0; }

  /// Throws bad_input naming the file and the place in it of a token that is not among the first `named`, those of a
  /// model's vocabulary. One that is not known may be any.
  void check_tokens_below(std::uint64_t named) const { text_->check_tokens_below(named); }

  /// The files that the recorded text was read from.
  std::vector<recorded_file> const& sources() const { return about_.texts; }

  /// Nothing: what was passed over, whoever recorded it was told.
  census::ignored ignored() const { return {}; }

  /// The sequences as texts, in order: each holds as many whole sequences as fit `rows_per_block` rows, and at least
  /// one. They are read when they are asked for.
  text_list texts(std::size_t rows_per_block = 8192) const {
    text_parts parts(rows_per_block);
    for (std::uint64_t s = 0; s < sequences(); ++s) parts.append(text_->length(s));
    auto rows = parts.rows();
    return {std::move(rows),
            [text = text_, parts = std::move(parts)](std::size_t i) { return share(text->rows(parts.all()[i])); }};
  }

 private:
  std::shared_ptr<detail::stored_text const> text_;
  recording_description about_;
};

}  // namespace census
