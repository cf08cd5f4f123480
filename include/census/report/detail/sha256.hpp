// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace census::detail {

/// The state of SHA-256: eight words, changed by a block of 64 bytes at a time.
class sha256_state {
 public:
  void take(std::string_view block) {
    std::array<std::uint32_t, 64> schedule{};
    for (std::size_t i = 0; i < 64; ++i) schedule[i / 4] = schedule[i / 4] << 8 | static_cast<unsigned char>(block[i]);
    for (std::size_t i = 16; i < 64; ++i) {
      std::uint32_t const before = schedule[i - 15], late = schedule[i - 2];
      schedule[i] = schedule[i - 16] + (std::rotr(before, 7) ^ std::rotr(before, 18) ^ before >> 3) + schedule[i - 7] +
                    (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10);
    }
    auto [a, b, c, d, e, f, g, h] = words_;
    for (std::size_t i = 0; i < 64; ++i) {
      std::uint32_t const first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) +
                                  constants[i] + schedule[i];
      std::uint32_t const second =
          (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
    }
    std::array<std::uint32_t, 8> const change{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) words_[i] += change[i];
  }

  /// Its 32 bytes, the most significant one of each word first.
  std::string bytes() const {
    std::string all;
    for (std::uint32_t const word : words_)
      for (int shift = 24; shift >= 0; shift -= 8) all += static_cast<char>(word >> shift & 0xff);
    return all;
  }

 private:
  static constexpr std::array<std::uint32_t, 64> constants{
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
      0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
      0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
      0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
      0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
      0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
      0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

  std::array<std::uint32_t, 8> words_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

/// The 32 bytes by which a content security policy names a script or style that a page holds. Source: FIPS 180-4.
inline std::string sha256(std::string_view message) {
  constexpr std::size_t block = 64;
  sha256_state state;
  std::uint64_t const bits = std::uint64_t{8} * message.size();
  for (; message.size() >= block; message.remove_prefix(block)) state.take(message.substr(0, block));

  std::string rest(message);
  rest += '\x80';
  rest.resize((rest.size() + 8 + block - 1) / block * block - 8);
  for (int shift = 56; shift >= 0; shift -= 8) rest += static_cast<char>(bits >> shift & 0xff);
  for (std::size_t first = 0; first < rest.size(); first += block)
    state.take(std::string_view(rest).substr(first, block));
  return state.bytes();
}

}  // namespace census::detail
