// SPDX-License-Identifier: MIT
#pragma once

#include <census/utf8.hpp>

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// Splits a text into the pieces that byte-pair encoding never merges across, by the expression published with GPT-2:
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// where \s is Unicode's White_Space; letters and numbers are those of PCRE2's version of Unicode. A maximal run of
/// bytes that belong to no well-formed UTF-8 character is a piece of its own, and the text on either side is split as
/// if it stood alone; no bytes are refused. Law: the pieces, joined, are the text. A copy shares the compiled
/// expression; a const object may be used by several threads.
class pre_tokenizer {
 public:
  pre_tokenizer() : expression_(compile(), [](pcre2_code_8* code) { pcre2_code_free_8(code); }) {}

  /// Calls `visit(std::string_view piece)` for each piece, in order. Pieces are views into `text`, never empty.
  template <std::invocable<std::string_view> Visit>
  void for_each_piece(std::string_view text, Visit&& visit) const {
    std::unique_ptr<pcre2_match_data_8, decltype(&pcre2_match_data_free_8)> const match(
        pcre2_match_data_create_8(1, nullptr), &pcre2_match_data_free_8);
    if (match == nullptr) throw std::bad_alloc();
    while (!text.empty()) {
      auto const valid = text.substr(0, well_formed_prefix(text));
      for (std::size_t first = 0; first < valid.size();) {
        std::size_t const end = match_end(valid, first, match.get());
        visit(valid.substr(first, end - first));
        first = end;
      }
      text.remove_prefix(valid.size());
      if (auto const invalid = text.substr(0, ill_formed_prefix(text)); !invalid.empty()) {
        visit(invalid);
        text.remove_prefix(invalid.size());
      }
    }
  }

  /// The same for a text of which only the beginning is known: visits the pieces that nothing that follows could
  /// change, and gives where they end. Cut there, both parts, split alone, give the pieces of the whole.
  template <std::invocable<std::string_view> Visit>
  std::size_t for_each_certain_piece(std::string_view text, Visit&& visit) const {
    constexpr std::size_t longest_contraction = 3;  // a piece that begins with ' is known by so many bytes
    std::size_t const known = text.size() - unfinished_suffix(text);
    std::size_t done = 0;
    bool certain = true;
    for_each_piece(text.substr(0, known), [&](std::string_view piece) {
      std::size_t const first = static_cast<std::size_t>(piece.data() - text.data()), end = first + piece.size();
      certain = certain && end < known && first + longest_contraction <= known;
      if (!certain) return;
      visit(piece);
      done = end;
    });
    return done;
  }

  /// The pieces as a list.
  std::vector<std::string_view> split(std::string_view text) const {
    std::vector<std::string_view> pieces;
    for_each_piece(text, [&](std::string_view piece) { pieces.push_back(piece); });
    return pieces;
  }

 private:
  static pcre2_code_8* compile() {
    // Unicode's White_Space, spelled out: PCRE2's own \s is another set (with PCRE2_UCP it has U+180E, without it ASCII
    // only).
    std::string const space =
        R"(\x{9}-\x{d}\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
    std::string const pattern = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{L}\p{N})" + space + "]+|[" + space +
                                "]+(?![^" + space + "])|[" + space + "]+";
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto* const code = pcre2_compile_8(reinterpret_cast<PCRE2_SPTR8>(pattern.data()), pattern.size(),
                                       PCRE2_UTF | PCRE2_ANCHORED, &error, &offset, nullptr);
    if (code == nullptr) throw std::runtime_error("census::pre_tokenizer: " + message(error));
    pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE);  // where there is no JIT, matching interprets
    return code;
  }

  /// Where the piece that begins at `first` ends. Each character is a letter, a number, a space or none of these:
  /// something matches.
  std::size_t match_end(std::string_view text, std::size_t first, pcre2_match_data_8* match) const {
    auto const* const subject = reinterpret_cast<PCRE2_SPTR8>(text.data());
    int result = pcre2_match_8(expression_.get(), subject, text.size(), first, PCRE2_NO_UTF_CHECK, match, nullptr);
    if (result < 0 && result != PCRE2_ERROR_NOMATCH)  // the JIT's stack is limited, the interpreter's memory is not
      result = pcre2_match_8(expression_.get(), subject, text.size(), first, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, match,
                             nullptr);
    if (result < 0) throw std::runtime_error("census::pre_tokenizer: " + message(result));
    return pcre2_get_ovector_pointer_8(match)[1];
  }

  static std::string message(int error) {
    std::array<PCRE2_UCHAR8, 256> text{};
    pcre2_get_error_message_8(error, text.data(), text.size());
    return reinterpret_cast<char const*>(text.data());
  }

  std::shared_ptr<pcre2_code_8 const> expression_;
};

}  // namespace census
