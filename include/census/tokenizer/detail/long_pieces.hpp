// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>
#include <census/tokenizer/detail/byte_pair_encoding.hpp>
#include <census/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// Byte-pair encoding of a piece of any length in memory that does not depend on it: a million letters without a space.
///
/// It rests on a property of byte-pair encoding: some tokens in a row are the encoding of their bytes if, and only if,
/// each two neighbours are the encoding of theirs. (The first merge across the boundary of two would also be made in
/// these two alone.) So a piece may be cut behind a token `a` whenever `a` goes together with the first token of what
/// follows, however that goes on: which tokens these can be, the next few hundred bytes decide.
///
/// Not for several threads at once: what it has found out about pairs of tokens, it remembers.
class long_pieces {
 public:
  static constexpr std::size_t default_window = 1 << 16;

  /// A piece up to `window` bytes is encoded at once. The encoding has to outlive this.
  explicit long_pieces(byte_pair_encoding const& encoding, std::size_t window = default_window)
      : encoding_(&encoding), tokens_(encoding.tokens()), window_(window) {
    for (auto const& [bytes, id] : tokens_) {
      bytes_of_[id] = bytes;
      longest_ = std::max(longest_, bytes.size());
    }
    std::ranges::sort(tokens_);
  }

  /// Appends the tokens of a beginning of a piece that are its tokens however the piece goes on; gives its bytes, 0
  /// where nothing is certain. It ends between two characters, and leaves more than a few.
  std::size_t encode_beginning(std::string_view piece, std::vector<token_id>& ids) {
    std::size_t done = 0;
    for (std::size_t size = window_; done + size <= piece.size();) {
      std::size_t const count = encode_certain(piece.substr(done, size), ids);
      done += count;
      size = count > 0 ? window_ : 2 * size;
    }
    return done;
  }

  /// Appends the tokens of a piece.
  void encode(std::string_view piece, std::vector<token_id>& ids) {
    piece.remove_prefix(encode_beginning(piece, ids));
    encoding_->encode(piece, ids);
  }

 private:
  static constexpr std::size_t most_cuts_tried = 64;

  std::size_t encode_certain(std::string_view piece, std::vector<token_id>& ids) {
    std::size_t const ahead = 4 * longest_ + 64, last_character = 4;
    if (piece.size() <= ahead + last_character) return 0;
    std::vector<token_id> tokens;
    encoding_->encode(piece, tokens);
    bool const is_text = character_length(piece) > 0;
    auto const splits_character = [&](std::size_t at) {
      return is_text && (static_cast<unsigned char>(piece[at]) & 0xc0) == 0x80;
    };

    std::size_t end = piece.size(), tried = 0;
    for (std::size_t count = tokens.size(); count > 0 && tried < most_cuts_tried; --count) {
      token_id const before = tokens[count - 1];
      if (end + ahead + last_character <= piece.size() && !splits_character(end)) {
        ++tried;
        if (can_cut(before, piece.substr(end, ahead))) {
          ids.insert(ids.end(), tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(count));
          return end;
        }
      }
      end -= bytes_of_.at(before).size();
    }
    return 0;
  }

  /// Whether `before` goes together with whatever token the encoding of `text`, and of all that begins with it, can
  /// begin with. The encoding of each beginning of `text` has one last token, and is that of a shorter beginning but
  /// for this token; so all can be found one after another, each with the token that it begins with.
  bool can_cut(token_id before, std::string_view text) {
    struct beginning {
      token_id last, first;
    };
    std::vector<std::optional<beginning>> beginnings(text.size() + 1);
    for (std::size_t at = 0; at <= text.size(); ++at) {
      if (at > 0 && !beginnings[at]) continue;
      bool const crosses = for_each_token(text.substr(at), [&](token_id token, std::size_t length) {
        auto& longer = beginnings[at + length];
        if (longer || !(at == 0 ? is_whole(token) : go_together(beginnings[at]->last, token))) return;
        longer = beginning{token, at == 0 ? token : beginnings[at]->first};
      });
      if (crosses && (at == 0 || !go_together(before, beginnings[at]->first))) return false;
    }
    return true;
  }

  /// Calls visit(token, bytes) for each token that `text` begins with; gives whether a longer one may begin with it.
  template <class Visit>
  bool for_each_token(std::string_view text, Visit visit) const {
    auto first = tokens_.begin(), last = tokens_.end();
    for (std::size_t length = 0; length < text.size(); ++length) {
      auto const byte = [length](auto const& token) { return static_cast<unsigned char>(token.first[length]); };
      auto const narrowed = std::ranges::equal_range(first, last, static_cast<unsigned char>(text[length]), {}, byte);
      first = narrowed.begin(), last = narrowed.end();
      for (; first != last && first->first.size() == length + 1; ++first) visit(first->second, length + 1);
      if (first == last) return false;
    }
    return true;
  }

  bool is_whole(token_id token) { return encodes_to({token}); }

  bool go_together(token_id left, token_id right) {
    auto const [known, is_new] = pairs_.emplace(std::uint64_t{left} << 32 | right, false);
    if (is_new) known->second = encodes_to({left, right});
    return known->second;
  }

  bool encodes_to(std::vector<token_id> const& tokens) const {
    std::string bytes;
    for (token_id const token : tokens) bytes += bytes_of_.at(token);
    std::vector<token_id> ids;
    encoding_->encode(bytes, ids);
    return ids == tokens;
  }

  byte_pair_encoding const* encoding_;
  std::vector<std::pair<std::string, token_id>> tokens_;  // in order of their bytes
  std::size_t window_;
  std::unordered_map<token_id, std::string> bytes_of_;
  std::unordered_map<std::uint64_t, bool> pairs_;
  std::size_t longest_ = 0;
};

}  // namespace census
