// SPDX-License-Identifier: MIT
#pragma once

#include <census/token_id.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace census {

/// One merge: `left` and `right`, side by side, become `result`.
struct token_merge {
  token_id left = 0, right = 0, result = 0;

  friend bool operator==(token_merge const&, token_merge const&) = default;
};

/// Byte-pair encoding of one piece: the piece begins as the tokens of its bytes; as long as any two neighbours can
/// merge, the pair of the lowest rank does, the leftmost where it occurs more than once. A const object may be used by
/// several threads.
class byte_pair_encoding {
 public:
  /// byte_tokens[byte], and the merges by rank, the first to be applied first; of equal pairs the first counts.
  byte_pair_encoding(std::array<token_id, 256> const& byte_tokens, std::span<token_merge const> merges)
      : byte_tokens_(byte_tokens) {
    merges_.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank)
      merges_.emplace(pair_key(merges[rank].left, merges[rank].right),
                      ranked{static_cast<std::uint32_t>(rank), merges[rank].result});
  }

  /// Appends the tokens of a piece to `ids`. Time n log n in the bytes of the piece.
  void encode(std::string_view piece, std::vector<token_id>& ids) const {
    piece.size() <= short_piece ? encode_short(piece, ids) : encode_long(piece, ids);
  }

  /// All tokens that it can give, each with its bytes.
  std::vector<std::pair<std::string, token_id>> tokens() const {
    std::unordered_map<token_id, std::string> bytes;
    for (std::size_t byte = 0; byte < byte_tokens_.size(); ++byte)
      bytes[byte_tokens_[byte]] = std::string(1, static_cast<char>(byte));
    for (bool more = true; more;) {  // tokens of tokens that are known, until there are no more
      more = false;
      for (auto const& [pair, merge] : merges_) {
        auto const left = bytes.find(static_cast<token_id>(pair >> 32)),
                   right = bytes.find(static_cast<token_id>(pair));
        if (left == bytes.end() || right == bytes.end() || bytes.contains(merge.result)) continue;
        bytes.emplace(merge.result, left->second + right->second);
        more = true;
      }
    }
    std::vector<std::pair<std::string, token_id>> all;
    for (auto const& [id, spelled] : bytes) all.emplace_back(spelled, id);
    return all;
  }

 private:
  static constexpr std::size_t short_piece = 48;
  static constexpr std::uint32_t no_rank = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  struct ranked {
    std::uint32_t rank = no_rank;
    token_id result = 0;
  };

  static std::uint64_t pair_key(token_id left, token_id right) { return std::uint64_t{left} << 32 | right; }

  ranked find(token_id left, token_id right) const {
    auto const found = merges_.find(pair_key(left, right));
    return found == merges_.end() ? ranked{} : found->second;
  }
  token_id byte_token(char byte) const { return byte_tokens_[static_cast<unsigned char>(byte)]; }

  /// Searches all neighbours for the lowest rank, merge after merge: quadratic, and the faster way for a word.
  void encode_short(std::string_view piece, std::vector<token_id>& ids) const {
    std::array<token_id, short_piece> tokens;
    std::array<ranked, short_piece> merge;  // of tokens i and i + 1
    std::size_t count = piece.size();
    for (std::size_t i = 0; i < count; ++i) tokens[i] = byte_token(piece[i]);
    for (std::size_t i = 0; i + 1 < count; ++i) merge[i] = find(tokens[i], tokens[i + 1]);
    while (count > 1) {
      std::size_t best = 0;
      for (std::size_t i = 1; i + 1 < count; ++i)
        if (merge[i].rank < merge[best].rank) best = i;
      if (merge[best].rank == no_rank) break;
      tokens[best] = merge[best].result;
      --count;
      for (std::size_t i = best + 1; i < count; ++i) tokens[i] = tokens[i + 1];
      for (std::size_t i = best + 1; i + 1 < count; ++i) merge[i] = merge[i + 1];
      if (best > 0) merge[best - 1] = find(tokens[best - 1], tokens[best]);
      if (best + 1 < count) merge[best] = find(tokens[best], tokens[best + 1]);
    }
    ids.insert(ids.end(), tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(count));
  }

  /// The same with a heap over a linked list.
  void encode_long(std::string_view piece, std::vector<token_id>& ids) const {
    struct symbol {
      token_id token;
      std::size_t previous, next;
    };
    std::size_t const count = piece.size();  // also "no neighbour"
    std::vector<symbol> symbols(count);
    using candidate =
        std::tuple<std::uint32_t, std::size_t, std::size_t, token_id, token_id>;  // rank, place, right, tokens
    std::priority_queue<candidate, std::vector<candidate>, std::greater<>> candidates;
    auto const consider = [&](std::size_t left) {
      if (left == count || symbols[left].next == count) return;
      token_id const a = symbols[left].token, b = symbols[symbols[left].next].token;
      if (auto const merge = find(a, b); merge.rank != no_rank)
        candidates.emplace(merge.rank, left, symbols[left].next, a, b);
    };
    for (std::size_t i = 0; i < count; ++i) symbols[i] = {byte_token(piece[i]), i == 0 ? count : i - 1, i + 1};
    for (std::size_t i = 0; i + 1 < count; ++i) consider(i);
    std::vector<bool> gone(count);
    while (!candidates.empty()) {
      auto const [rank, left, right, a, b] = candidates.top();
      candidates.pop();
      if (gone[left] || symbols[left].next != right || symbols[left].token != a || symbols[right].token != b) continue;
      symbols[left].token = find(a, b).result;
      symbols[left].next = symbols[right].next;
      if (symbols[left].next != count) symbols[symbols[left].next].previous = left;
      gone[right] = true;
      consider(symbols[left].previous);
      consider(left);
    }
    for (std::size_t i = 0; i < count; i = symbols[i].next) ids.push_back(symbols[i].token);
  }

  std::array<token_id, 256> byte_tokens_;
  std::unordered_map<std::uint64_t, ranked> merges_;
};

}  // namespace census
