// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/token_id.hpp>
#include <census/tokenizer/detail/added_tokens.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/tokenizer/detail/long_pieces.hpp>
#include <census/tokenizer/detail/pre_tokenizer.hpp>
#include <census/tokenizer/detail/vocabulary.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// What a tokenizer knows beside its tokens and merges.
struct tokenizer_parts {
  std::optional<token_id> bos = {};     ///< the token that the model expects before a text,
  bool adds_bos = true;                 ///< and whether it is put there unless one asks otherwise
  std::optional<token_id> pad = {};     ///< what fills rows of ids up
  std::vector<added_token> names = {};  ///< that a text is cut at: each is one token
  census::ignored ignored = {};         ///< what of its files was passed over
};

/// GPT-2's byte-level byte-pair encoding, which OPT shares: text to token ids and back. Law: decode(encode(text)) ==
/// text, for any bytes, well-formed UTF-8 or not. A copy shares the vocabulary; a const object may be used by several
/// threads.
class tokenizer {
 public:
  /// Throws std::out_of_range where BOS or pad are outside the vocabulary.
  tokenizer(vocabulary tokens, byte_pair_encoding encoding, tokenizer_parts parts = {})
      : state_(std::make_shared<state>(std::move(tokens), std::move(encoding), std::move(parts))) {
    for (auto const& id : {bos(), pad()})
      if (id && *id >= vocabulary_size())
        throw std::out_of_range("census::tokenizer: bos or pad is outside the vocabulary");
  }

  /// The ids of a text, no BOS in front and nothing behind. The names of added tokens in it are one token each; those
  /// of special tokens of the vocabulary itself, such as `</s>`, are words like any other.
  std::vector<token_id> encode(std::string_view text) const {
    std::vector<token_id> ids;
    ids.reserve(text.size() / 3);
    encode(text, false, ids);
    return ids;
  }

  /// Of a text that goes on, appends the ids that nothing that follows could change; gives the bytes that they stand
  /// for. Law: encode(text) is these ids, and then those of encode(text.substr(bytes)); whatever follows the text. At
  /// most some 128 KiB are left, but for a text that byte-pair encoding cannot be cut in, which no published one has.
  std::size_t encode_beginning(std::string_view text, std::vector<token_id>& ids) const {
    return encode(text, true, ids);
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
  std::optional<token_id> bos() const { return state_->parts.bos; }

  /// Whether BOS is put before a text unless one asks otherwise: not where tokenizer_config.json says
  /// `"add_bos_token": false`.
  bool adds_bos() const { return state_->parts.adds_bos; }

  /// The token that fills up rows of ids, where there is one.
  std::optional<token_id> pad() const { return state_->parts.pad; }

  /// What of its files was passed over.
  census::ignored const& ignored() const { return state_->parts.ignored; }

 private:
  static constexpr std::size_t remembered_pieces = 1
                                                   << 16;  // bounds the memory of encode; frequent pieces are met early

  struct state {
    vocabulary tokens;
    byte_pair_encoding encoding;
    tokenizer_parts parts;
    added_token_rounds names;
    pre_tokenizer pieces = {};
    std::mutex guard = {};
    std::optional<long_pieces> long_ones = {};  // made when the first one comes

    state(vocabulary of_model, byte_pair_encoding merges, tokenizer_parts beside)
        : tokens(std::move(of_model)), encoding(std::move(merges)), parts(std::move(beside)),
          names(rounds_of(parts.names)) {}

    /// Calls use(long_pieces&), one thread at a time.
    template <class Use>
    auto with_long_pieces(Use use) {
      std::lock_guard const alone(guard);
      if (!long_ones) long_ones.emplace(encoding);
      return use(*long_ones);
    }
  };

  /// The pieces of one text, each encoded once.
  class encoder {
   public:
    encoder(tokenizer::state& state, std::vector<token_id>& ids) : state_(state), ids_(ids) {}

    void operator()(std::string_view piece) {
      if (piece.size() > long_pieces::default_window) {
        state_.with_long_pieces([&](long_pieces& long_ones) { long_ones.encode(piece, ids_); });
        return;
      }
      if (auto const again = met_.find(piece); again != met_.end()) {
        auto const [first, count] = again->second;
        for (std::size_t i = 0; i < count; ++i) ids_.push_back(token_id{ids_[first + i]});
        return;
      }
      std::size_t const first = ids_.size();
      state_.encoding.encode(piece, ids_);
      if (met_.size() < remembered_pieces) met_.emplace(piece, std::pair(first, ids_.size() - first));
    }

   private:
    tokenizer::state& state_;
    std::vector<token_id>& ids_;
    std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> met_;  // a piece's ids: first, count
  };

  /// Encodes a text, or of one that goes on what is certain; gives how many bytes that is.
  std::size_t encode(std::string_view text, bool goes_on, std::vector<token_id>& ids) const {
    encoder encode_piece(*state_, ids);
    return encode_cut(text, goes_on, state_->names, encode_piece, ids);
  }

  /// The same of a text that is to be cut in these rounds.
  std::size_t encode_cut(std::string_view text, bool goes_on, std::span<added_token_names const> rounds,
                         encoder& encode_piece, std::vector<token_id>& ids) const {
    if (rounds.empty()) {
      if (goes_on) return encode_certain(text, encode_piece, ids);
      state_->pieces.for_each_piece(text, std::ref(encode_piece));
      return text.size();
    }
    for (std::size_t done = 0;;) {
      auto const name = rounds.front().find(text, done, goes_on);
      auto const between = text.substr(done, name.first - done);
      done += encode_cut(between, goes_on && !name.id, rounds.subspan(1), encode_piece, ids);
      if (!name.id) return done;
      ids.push_back(*name.id);
      done = name.end;
    }
  }

  /// Encodes what is certain of a text without names of added tokens: whole pieces, and the beginning of a long one.
  std::size_t encode_certain(std::string_view text, encoder& encode_piece, std::vector<token_id>& ids) const {
    std::size_t const done = state_->pieces.for_each_certain_piece(text, std::ref(encode_piece));
    auto const rest = text.substr(done);
    if (rest.size() <= long_pieces::default_window) return done;
    std::string_view first;
    state_->pieces.for_each_piece(rest, [&](std::string_view piece) {
      if (first.empty()) first = piece;
    });
    return done +
           state_->with_long_pieces([&](long_pieces& long_ones) { return long_ones.encode_beginning(first, ids); });
  }

  std::string const& bytes_of(token_id id) const {
    if (id >= vocabulary_size())
      throw bad_input("token id " + std::to_string(id),
                      "outside the tokenizer's vocabulary of " + std::to_string(vocabulary_size()));
    return state_->tokens.bytes(id);
  }

  std::shared_ptr<state> state_;
};

}  // namespace census
