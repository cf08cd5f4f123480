// SPDX-License-Identifier: MIT
// Synthetic firings with realistic frequencies: Zipf tokens in which bigrams and trigrams come back, neurons that fire
// at 1 to 20 % of the tokens, mostly by the token at hand.
#pragma once

#include <census/activation/block.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace bench {

struct synthetic_shape {
  std::uint64_t tokens = 5'000'000;
  std::size_t neurons = 3072;
  std::uint32_t vocabulary = 50272, context = 2048, classes = 4096;
  std::uint64_t seed = 1;
};

/// A fast generator of random words (splitmix64).
struct random_words {
  std::uint64_t state;
  std::uint64_t operator()() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
};

/// A block generator (census::generated_source): one layer, sequence by sequence, the last one shorter. The same shape
/// gives the same blocks.
///  - Tokens: half of them drawn by Zipf's law, half a successor of the token before, the likelier ones far likelier.
///  - Neuron n likes each of `classes` classes of tokens with a probability of its own, log-uniform from 1 % to 20 %;
///    it fires at 7 of 8 tokens that it likes, and at 1 of 256 of the others. Every 64th neuron fires at nothing but
///    some bigrams.
class synthetic_source {
 public:
  explicit synthetic_source(synthetic_shape const& shape)
      : shape_(shape), random_{shape.seed}, words_(census::packed_firings::words_for(shape.neurons)),
        liked_(shape.classes * words_) {
    for (std::size_t n = 0; n < shape.neurons; ++n) {
      double const rate = 0.01 * std::pow(20.0, random_.unit());
      for (std::size_t c = 0; c < shape.classes; ++c)
        if (random_.unit() < rate) liked_[c * words_ + n / 64] |= std::uint64_t{1} << n % 64;
    }
  }

  std::optional<census::block> operator()() {
    if (made_ >= shape_.tokens) return std::nullopt;
    auto text = census::share(next_text());
    std::size_t const rows = text->tokens.size();
    std::shared_ptr<std::uint64_t[]> bits(new std::uint64_t[rows * words_]);
    for (std::size_t row = 0; row < rows; ++row) {
      std::uint64_t const* const liked = &liked_[text->tokens[row] % shape_.classes * words_];
      std::uint64_t const bigram =
          mixed(text->tokens[row] + (std::uint64_t{row > 0 ? text->tokens[row - 1] : 0} << 32));
      for (std::size_t w = 0; w < words_; ++w) {
        std::uint64_t const a = random_(), b = random_();
        std::uint64_t const often = a | b | a >> 32 | b << 32, few = a & b & (a << 13 | a >> 51) & (b << 29 | b >> 35);
        std::uint64_t const seldom = few & (few << 7 | few >> 57);
        std::uint64_t const by_bigram = bigram % 65536 == w ? 1 : 0;
        std::uint64_t word = (((liked[w] & often) | seldom) & ~std::uint64_t{1}) | by_bigram;
        if (w + 1 == words_ && shape_.neurons % 64 != 0) word &= (std::uint64_t{1} << shape_.neurons % 64) - 1;
        bits[row * words_ + w] = word;
      }
    }
    return census::block(0, std::move(text), {std::move(bits), rows, shape_.neurons});
  }

 private:
  static std::uint64_t mixed(std::uint64_t key) { return random_words{key}(); }

  census::token_id zipf(double unit) const {
    return 3 + static_cast<census::token_id>(std::pow(static_cast<double>(shape_.vocabulary - 3), unit)) - 1;
  }

  census::text_rows next_text() {
    census::text_rows rows;
    for (int s = 0; s < 4 && made_ < shape_.tokens; ++s) {
      auto const length = static_cast<std::uint32_t>(std::min<std::uint64_t>(shape_.context, shape_.tokens - made_));
      rows.sequences.push_back({.document = document_++,
                                .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                                .length = length,
                                .full = length == shape_.context,
                                .has_bos = true});
      rows.tokens.push_back(2);
      for (std::uint32_t p = 1; p < length; ++p) {
        census::token_id const before = rows.tokens.back();
        if (random_() % 2 == 0)
          rows.tokens.push_back(zipf(random_.unit()));
        else  // the successor of a rank from 0 to 31, by Zipf's law
          rows.tokens.push_back(
              zipf(random_words{before * 64ull + static_cast<std::uint64_t>(std::pow(32.0, random_.unit()))}.unit()));
      }
      made_ += length;
    }
    return rows;
  }

  synthetic_shape shape_;
  random_words random_;
  std::size_t words_;
  std::vector<std::uint64_t> liked_;  // [class, word]
  std::uint64_t made_ = 0, document_ = 0;
};

}  // namespace bench
