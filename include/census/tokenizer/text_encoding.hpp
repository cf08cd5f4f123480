// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>
#include <census/tokenizer/tokenizer.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace census {

/// How texts come to token ids: by a tokenizer, or, where a model was published without one, not at all. Then only
/// files that hold ids already can be read.
class text_encoding {
 public:
  /// By a tokenizer.
  text_encoding(census::tokenizer tokens)
      : vocabulary_size_(tokens.vocabulary_size()), bos_(tokens.bos()), pad_(tokens.pad()),
        adds_bos_(tokens.adds_bos()), tokens_(std::move(tokens)) {}

  /// Without one: ids below `vocabulary_size`.
  explicit text_encoding(std::size_t vocabulary_size, std::optional<token_id> bos = {},
                         std::optional<token_id> pad = {})
      : vocabulary_size_(vocabulary_size), bos_(bos), pad_(pad) {}

  std::size_t vocabulary_size() const { return vocabulary_size_; }

  /// The token that the model expects before a text, where it has one.
  std::optional<token_id> bos() const { return bos_; }

  /// Whether BOS is put before a text unless one asks otherwise.
  bool adds_bos() const { return adds_bos_; }

  /// The token that fills up rows of ids, where there is one.
  std::optional<token_id> pad() const { return pad_; }

  /// The tokenizer, or nullptr.
  census::tokenizer const* tokenizer() const { return tokens_ ? &*tokens_ : nullptr; }

 private:
  std::size_t vocabulary_size_;
  std::optional<token_id> bos_, pad_;
  bool adds_bos_ = true;
  std::optional<census::tokenizer> tokens_;
};

}  // namespace census
