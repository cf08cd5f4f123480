// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/tabulation/documents_fired_in.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/ngram_texts.hpp>

#include <map>
#include <set>
#include <vector>

namespace {

/// Blocks of sequences three of which in turn are of one document.
std::vector<census::block> blocks_of_pieces() {
  std::vector<census::block> blocks;
  for (census::block const& block :
       census_test::ngram_blocks({.texts = 4, .sequences = 9, .neurons = 300, .longest = 20})) {
    census::text_rows text = *block.text();
    for (census::sequence& one : text.sequences)
      one.piece = static_cast<std::uint32_t>(one.document / 5), one.document %= 5;
    blocks.emplace_back(0u, census::share(std::move(text)), block.firings());
  }
  return blocks;
}

/// The documents in which each neuron fired at each n-gram, by walking through the text.
std::map<std::pair<std::uint32_t, census_test::ngram>, std::set<std::uint64_t>>
recounted_documents(std::vector<census::block> const& blocks, std::size_t n) {
  std::map<std::pair<std::uint32_t, census_test::ngram>, std::set<std::uint64_t>> documents;
  for (census::block const& block : blocks)
    for (census::sequence const& s : block.text()->sequences)
      for (std::uint32_t p = static_cast<std::uint32_t>(n) - 1 + s.has_bos; p < s.length; ++p) {
        auto const end = block.text()->tokens.begin() + s.first_row + p + 1;
        census_test::ngram const here(end - static_cast<std::ptrdiff_t>(n), end);
        for (std::uint32_t neuron = 0; neuron < block.firings().neurons(); ++neuron)
          if (block.firings().fires(s.first_row + p, neuron)) documents[{neuron, here}].insert(s.document);
      }
  return documents;
}

}  // namespace

TEST_CASE("that a neuron fired at an n-gram in two documents is what a walk through the text says") {
  auto const blocks = blocks_of_pieces();
  for (auto const where : {census_test::kept_in::memory, census_test::kept_in::both}) {
    auto const kept = census_test::keep_layer(blocks, where);
    auto const text = census::join(kept.texts());
    for (std::size_t n = 1; n <= 3; ++n) {
      census::ngram_rows const ngrams(n, text);
      auto const documents = recounted_documents(blocks, n);
      std::vector<census::neuron_at_key> asked, tokens;
      std::vector<bool> expected;
      std::size_t two = 0;
      for (std::uint32_t neuron = 0; neuron < 300; neuron += 1 + neuron % 2)
        for (std::uint32_t g = 0; g < ngrams.distinct(); g += 3) {
          auto const is = ngrams.tokens_of(g);
          auto const found = documents.find({neuron, {is.begin(), is.end()}});
          asked.push_back({neuron, g}), tokens.push_back({neuron, is[0]});
          expected.push_back(found != documents.end() && found->second.size() >= 2);
          two += expected.back();
        }
      CHECK(two > 0);
      CHECK(two < expected.size());
      CHECK(census::fired_in_two_documents(kept, ngrams, asked) == expected);
      if (n == 1) CHECK(census::fired_in_two_documents(kept, tokens) == expected);
    }
  }
}

TEST_CASE("who is asked for is to ascend, and to be of the layer and its text") {
  auto const kept = census_test::keep_layer(blocks_of_pieces(), census_test::kept_in::memory);
  auto const text = census::join(kept.texts());
  census::ngram_rows const bigrams(2, text), others(2, census::share({{5, 6}, {{.length = 2}}}));
  using asked = std::vector<census::neuron_at_key>;
  CHECK(census::fired_in_two_documents(kept, bigrams, asked{}).empty());
  CHECK(census::fired_in_two_documents(kept, asked{}).empty());
  CHECK_THROWS_AS(census::fired_in_two_documents(kept, bigrams, asked{{2, 0}, {1, 0}}), std::invalid_argument);
  CHECK_THROWS_AS(census::fired_in_two_documents(kept, asked{{300, 5}}), std::invalid_argument);
  CHECK_THROWS_AS(census::fired_in_two_documents(kept, others, asked{{0, 0}}), std::invalid_argument);
}
