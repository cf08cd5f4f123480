// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace census {

/// GPT-2's alphabet: 256 printable characters that stand for the bytes in `vocab.json` and `merges.txt`. A printable
/// Latin-1 character stands for its own byte; the other 68 bytes are, in order, U+0100 and after (the space is U+0120,
/// `Ġ`).
class byte_alphabet {
 public:
  constexpr byte_alphabet() {
    byte_of_.fill(no_byte);
    char16_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
      bool const own = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte != 0xad);
      character_of_[byte] = own ? static_cast<char16_t>(byte) : next++;
      byte_of_[character_of_[byte]] = static_cast<std::int16_t>(byte);
    }
  }

  /// The code point that stands for a byte; it is below U+0144.
  constexpr char16_t character(unsigned char byte) const { return character_of_[byte]; }

  /// The byte that a code point stands for; nothing for a code point outside the alphabet.
  constexpr std::optional<unsigned char> byte(char32_t character) const {
    if (character >= byte_of_.size() || byte_of_[character] == no_byte) return std::nullopt;
    return static_cast<unsigned char>(byte_of_[character]);
  }

  /// The bytes spelled in the alphabet, as UTF-8.
  std::string spell(std::string_view bytes) const {
    std::string spelling;
    for (char const byte : bytes) {
      char16_t const c = character(static_cast<unsigned char>(byte));
      if (c < 0x80) {
        spelling += static_cast<char>(c);
      } else {
        spelling += static_cast<char>(0xc0 | (c >> 6));
        spelling += static_cast<char>(0x80 | (c & 0x3f));
      }
    }
    return spelling;
  }

  /// The bytes that a spelling in UTF-8 stands for; nothing where it holds anything outside the alphabet.
  std::optional<std::string> read(std::string_view spelling) const {
    std::string bytes;
    for (std::size_t i = 0; i < spelling.size(); ++i) {
      char32_t c = static_cast<unsigned char>(spelling[i]);
      if (c >= 0x80) {  // the whole alphabet lies in one- and two-byte characters
        if ((c & 0xe0) != 0xc0 || i + 1 == spelling.size()) return std::nullopt;
        c = (c & 0x1f) << 6 | (static_cast<unsigned char>(spelling[++i]) & 0x3f);
      }
      auto const known = byte(c);
      if (!known) return std::nullopt;
      bytes += static_cast<char>(*known);
    }
    return bytes;
  }

 private:
  static constexpr std::int16_t no_byte = -1;
  std::array<char16_t, 256> character_of_{};
  std::array<std::int16_t, 0x144> byte_of_{};
};

}  // namespace census
