// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/byte_alphabet.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/check_tokenizer_config.hpp>
#include <census/tokenizer/detail/pre_tokenizer.hpp>
#include <census/tokenizer/detail/read_merges.hpp>
#include <census/tokenizer/detail/read_tokenizer_json.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// GPT-2's byte-level byte-pair encoding, which OPT shares: text to token ids and back. Law: decode(encode(text)) ==
/// text, for any bytes, well-formed UTF-8 or not. A copy shares the vocabulary; a const object may be used by several
/// threads.
class tokenizer {
 public:
  /// Throws std::out_of_range where `bos` is outside the vocabulary.
  tokenizer(vocabulary tokens, byte_pair_encoding encoding, std::optional<token_id> bos = {})
      : state_(std::make_shared<state const>(state{std::move(tokens), std::move(encoding), {}})), bos_(bos) {
    if (bos && *bos >= vocabulary_size()) throw std::out_of_range("census::tokenizer: bos is outside the vocabulary");
  }

  /// The ids of a text, no BOS in front and nothing behind. The whole input is text: a special token's name in it, such
  /// as `</s>`, is encoded by its bytes like any other word.
  std::vector<token_id> encode(std::string_view text) const {
    std::vector<token_id> ids;
    ids.reserve(text.size() / 3);
    std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> met;  // a piece's ids: first, count
    state_->pieces.for_each_piece(text, [&](std::string_view piece) {
      if (auto const again = met.find(piece); again != met.end()) {
        auto const [first, count] = again->second;
        for (std::size_t i = 0; i < count; ++i) ids.push_back(token_id{ids[first + i]});
        return;
      }
      std::size_t const first = ids.size();
      state_->encoding.encode(piece, ids);
      if (met.size() < remembered_pieces) met.emplace(piece, std::pair(first, ids.size() - first));
    });
    return ids;
  }

  /// The bytes of some tokens; special tokens give their names. Throws bad_input where an id is outside the vocabulary.
  std::string decode(std::span<token_id const> ids) const {
    std::string bytes;
    for (token_id const id : ids) bytes += bytes_of(id);
    return bytes;
  }

  /// The bytes of one token: not always whole characters. Throws bad_input where the id is outside the vocabulary.
  std::string decode(token_id id) const { return bytes_of(id); }

  std::size_t vocabulary_size() const { return state_->tokens.size(); }

  /// The token that the model expects before a text, where it has one.
  std::optional<token_id> bos() const { return bos_; }

 private:
  static constexpr std::size_t remembered_pieces = 1
                                                   << 16;  // bounds the memory of encode; frequent pieces are met early

  struct state {
    vocabulary tokens;
    byte_pair_encoding encoding;
    pre_tokenizer pieces;
  };

  std::string const& bytes_of(token_id id) const {
    if (id >= vocabulary_size())
      throw bad_input("token id " + std::to_string(id),
                      "outside the tokenizer's vocabulary of " + std::to_string(vocabulary_size()));
    return state_->tokens.bytes(id);
  }

  std::shared_ptr<state const> state_;
  std::optional<token_id> bos_;
};

/// Whether a folder holds any file of a tokenizer.
inline bool has_tokenizer(std::filesystem::path const& folder) {
  std::error_code ignored;
  return std::ranges::any_of(std::array{"vocab.json", "merges.txt", "tokenizer.json"},
                             [&](char const* name) { return std::filesystem::exists(folder / name, ignored); });
}

/// Opens the tokenizer of a Hugging Face folder: `vocab.json` and `merges.txt`; where neither is there,
/// `tokenizer.json` (read_tokenizer_json tells what of it). `bos` is the model's, from its config. Throws bad_input
/// naming file and cause where one is missing or malformed, a byte has no token, `bos` is outside the vocabulary, or
/// tokenizer_config.json asks for other ids.
inline tokenizer open_tokenizer(std::filesystem::path const& folder, std::optional<token_id> bos = {}) {
  check_tokenizer_config(folder);
  std::error_code ignored;
  auto const there = [&](char const* name) { return std::filesystem::exists(folder / name, ignored); };
  bool const is_one_file = there("tokenizer.json") && !there("vocab.json") && !there("merges.txt");
  auto const path = folder / (is_one_file ? "tokenizer.json" : "vocab.json");
  auto read = is_one_file ? read_tokenizer_json(path) : tokens_and_merges{read_vocabulary(path), {}};
  auto& [tokens, merges] = read;
  std::array<token_id, 256> byte_tokens;
  for (std::size_t byte = 0; byte < byte_tokens.size(); ++byte) {
    auto const spelling = byte_alphabet().spell(std::string(1, static_cast<char>(byte)));
    auto const id = tokens.find(spelling);
    if (!id)
      throw bad_input(path.string(),
                      "the byte " + std::to_string(byte) + " has no token: " + escaped_name(spelling) + " is missing");
    byte_tokens[byte] = *id;
  }
  if (bos && *bos >= tokens.size())
    throw bad_input(path.string(), "the model's bos id " + std::to_string(*bos) + " is outside the vocabulary of " +
                                       std::to_string(tokens.size()) + " tokens");
  if (!is_one_file) merges = read_merges(folder / "merges.txt", tokens);
  byte_pair_encoding encoding(byte_tokens, merges);
  return {std::move(tokens), std::move(encoding), bos};
}

}  // namespace census
