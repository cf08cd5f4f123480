// SPDX-License-Identifier: MIT
// Random firings that hang on n-grams, and their n-gram counts by brute force.
#pragma once

#include <census/activation/block.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <vector>

namespace census_test {

struct ngram_shape {
  std::size_t texts = 3, sequences = 6, neurons = 70;
  std::uint32_t longest = 40, vocabulary = 12, first_token = 3;
  bool bos = true;
  std::uint32_t layers = 1, seed = 1;
  std::vector<census::token_id> text = {};  // read in turn where there is one, in place of random tokens
};

/// Blocks of ragged sequences of Zipf tokens, text by text. A neuron fires at a share of the n-grams (n from 1 to 3 by
/// neuron, chosen by a hash of their tokens), at most of their occurrences or at half of them, and here and there else.
inline std::vector<census::block> ngram_blocks(ngram_shape const& shape) {
  std::mt19937 random(shape.seed);
  auto const unit = [&] { return static_cast<double>(random()) / 4294967296.0; };
  std::vector<census::block> blocks;
  std::uint64_t document = 0;
  std::size_t next = 0;
  for (std::size_t t = 0; t < shape.texts; ++t) {
    census::text_rows rows;
    for (std::size_t s = 0; s < shape.sequences; ++s) {
      census::sequence const sequence{.document = document++,
                                      .first_row = static_cast<std::uint32_t>(rows.tokens.size()),
                                      .length = 1 + static_cast<std::uint32_t>(random()) % shape.longest,
                                      .has_bos = shape.bos};
      for (std::uint32_t p = 0; p < sequence.length; ++p) {
        auto const zipf = static_cast<std::uint32_t>(std::pow(shape.vocabulary, unit())) - 1;
        if (shape.bos && p == 0)
          rows.tokens.push_back(2);
        else
          rows.tokens.push_back(shape.text.empty() ? shape.first_token + zipf : shape.text[next++ % shape.text.size()]);
      }
      rows.sequences.push_back(sequence);
    }
    auto const text = census::share(rows);
    for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
      std::vector<float> values;
      for (std::uint32_t row = 0; row < rows.tokens.size(); ++row)
        for (std::uint32_t n = 0; n < shape.neurons; ++n) {
          std::uint64_t hash = n * 977 + layer * 31;
          for (std::uint32_t back = 0; back <= n % 3 && back <= row; ++back)
            hash = (hash ^ rows.tokens[row - back]) * 0x9e3779b97f4a7c15, hash ^= hash >> 31;
          bool const chosen = hash % 64 < n % 40;
          double const chance = chosen ? (n % 5 == 0 ? 1 : n % 5 == 1 ? 0.97 : n % 5 == 2 ? 0.5 : 0.9) : n % 7 * 0.002;
          values.push_back(unit() < chance ? 1.f : 0.f);
        }
      blocks.push_back(census::make_block(layer, text, {std::move(values), shape.neurons}));
    }
  }
  return blocks;
}

using ngram = std::vector<census::token_id>;

/// One n-gram by brute force: its occurrences, and the firings of each neuron there.
struct recounted {
  std::uint32_t occurrences = 0;
  std::vector<std::uint32_t> firings;
};

/// Every n-gram of one layer, by walking through the sequences token by token.
inline std::map<ngram, recounted> recount_ngrams(std::vector<census::block> const& blocks, std::uint32_t layer,
                                                 std::size_t n) {
  std::map<ngram, recounted> counts;
  for (census::block const& block : blocks) {
    if (block.layer() != layer) continue;
    for (census::sequence const& sequence : block.text()->sequences) {
      ngram last;
      for (std::uint32_t p = sequence.has_bos ? 1 : 0; p < sequence.length; ++p) {
        std::size_t const row = sequence.first_row + p;
        last.push_back(block.text()->tokens[row]);
        if (last.size() > n) last.erase(last.begin());
        if (last.size() < n) continue;
        recounted& here = counts[last];
        here.firings.resize(block.firings().neurons());
        ++here.occurrences;
        for (std::size_t i = 0; i < here.firings.size(); ++i) here.firings[i] += block.firings().fires(row, i);
      }
    }
  }
  return counts;
}

/// What the paper says of one neuron, straight from its definitions, shares as doubles with care for the edges.
struct judged {
  std::uint64_t firings = 0;
  std::uint32_t cover = 0;
  bool detector = false;
  std::vector<ngram> detected;
};

inline judged judge(std::map<ngram, recounted> const& counts, std::size_t neuron, std::uint32_t cover_at_most) {
  judged is;
  std::vector<std::uint32_t> sorted;
  std::uint64_t explained = 0;
  for (auto const& [tokens, here] : counts) {
    std::uint32_t const c = here.firings[neuron];
    is.firings += c;
    if (c > 0) sorted.push_back(c);
    if (c > 0 && 100ull * c >= 95ull * here.occurrences) {
      is.detected.push_back(tokens);
      explained += c;
    }
  }
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  std::uint64_t held = 0;
  while (100 * held < 95 * is.firings) held += sorted[is.cover++];
  is.detector = is.cover > 0 && is.cover <= cover_at_most && 100 * explained >= 95 * is.firings;
  return is;
}

}  // namespace census_test
