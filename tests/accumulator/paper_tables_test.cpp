// SPDX-License-Identifier: MIT
// Every count against a brute-force recount from the raw activations.
#include <census/accumulator/paper_tables.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <map>

namespace {

/// The recount: key -> (occurrences, firings of each neuron), straight from the floats, by a key written out by hand.
template <class Key>
using recount = std::map<Key, std::pair<std::uint64_t, std::vector<std::uint32_t>>>;

template <class Key, class KeyOfRow>
bool equals_recount(std::vector<census::block> const& blocks, std::uint32_t layer,
                    census::firing_table<Key> const& table, KeyOfRow key_of_row) {
  recount<Key> expected;
  census_test::for_each_row(blocks,
                            [&](census::block const& block, std::uint32_t row, census::sequence const& sequence) {
                              if (block.layer() != layer) return;
                              std::optional<Key> const key = key_of_row(*block.text(), row, sequence);
                              if (!key) return;
                              auto& [occurrences, firings] = expected[*key];
                              ++occurrences;
                              firings.resize(block.values().neurons());
                              for (std::size_t n = 0; n < firings.size(); ++n)
                                firings[n] += block.values().row(row)[n] > 0.f;
                            });
  if (table.keys.size() != expected.size()) return false;
  std::size_t row = 0;
  for (auto const& [key, counted] : expected) {
    if (!(table.keys[row] == key) || table.occurrences(row) != counted.first) return false;
    if (!std::ranges::equal(table.counts(row), counted.second)) return false;
    ++row;
  }
  return true;
}

using census::sequence;
using census::text_rows;

}  // namespace

TEST_CASE("every count equals a brute-force recount from raw activations") {
  for (bool const bos : {true, false})
    for (std::size_t const neurons : {1, 70, 200}) {
      auto const blocks = census_test::random_blocks({.neurons = neurons, .bos = bos, .seed = 11});
      census::liveness alive;
      census::token_coverage tokens;
      census::position_information positions;
      census::firings_by<census::key::domain> domains;
      census::firings_by<census::key::ngram<2>> bigrams;
      census::firings_by<census::key::tuple<census::key::domain, census::key::position>> pairs;
      for (auto const& block : blocks) {
        alive.observe(block);
        tokens.observe(block);
        positions.observe(block);
        domains.observe(block);
        bigrams.observe(block);
        pairs.observe(block);
      }
      for (std::uint32_t layer = 0; layer < 3; ++layer) {
        CAPTURE(bos, neurons, layer);
        CHECK(equals_recount(blocks, layer, alive.table(layer), [](text_rows const&, std::uint32_t, sequence const&) {
          return std::optional(std::monostate{});
        }));
        CHECK(equals_recount(blocks, layer, tokens.table(layer),
                             [&](text_rows const& text, std::uint32_t row, sequence const& s) {
                               return bos && row == s.first_row ? std::nullopt : std::optional(text.tokens[row]);
                             }));
        CHECK(equals_recount(blocks, layer, positions.table(layer),
                             [](text_rows const&, std::uint32_t row, sequence const& s) {
                               return s.length == 12 ? std::optional(row - s.first_row) : std::nullopt;
                             }));
        CHECK(
            equals_recount(blocks, layer, domains.table(layer),
                           [](text_rows const&, std::uint32_t, sequence const& s) { return std::optional(s.domain); }));
        CHECK(equals_recount(
            blocks, layer, bigrams.table(layer), [&](text_rows const& text, std::uint32_t row, sequence const& s) {
              using bigram = std::array<census::token_id, 2>;
              std::uint32_t const first_text_row = s.first_row + (bos ? 1 : 0);
              return row <= first_text_row ? std::nullopt
                                           : std::optional(bigram{text.tokens[row - 1], text.tokens[row]});
            }));
        CHECK(equals_recount(blocks, layer, pairs.table(layer),
                             [](text_rows const&, std::uint32_t row, sequence const& s) {
                               using both = std::tuple<std::uint16_t, std::uint32_t>;
                               return s.length == 12 ? std::optional(both{s.domain, row - s.first_row}) : std::nullopt;
                             }));
      }
    }
}
