// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/splitmix64.hpp>
#include <census/statistic/unseen_estimate.hpp>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// An accumulator: the documents in which each neuron of each layer fired, BOS included, as far as they tell how much
/// text is enough: its first three in an order that shuffles them. 24 bytes a neuron and some 64 a document and layer.
///
///     census::first_firings firsts;
///     census::survey(source, firsts);
///     auto const estimate = census::estimate_unseen(firsts.record(3));
///
/// Documents are told apart by their number: two corpora whose surveys are merged are to number theirs apart.
class first_firings {
 public:
  /// Bytes of memory for one layer, from above: a map's node has four more words, and the allocator's own.
  static std::uint64_t bytes(std::uint64_t documents, std::uint64_t sequences, std::uint64_t neurons) {
    constexpr std::uint64_t node = sizeof(decltype(layer_firsts::tokens)::value_type) + 6 * sizeof(void*);
    return sizeof(places) * neurons + node * documents + observed_text::bytes(sequences);
  }

  /// Throws std::invalid_argument where the layer had another number of neurons before.
  template <host_block B>
  void observe(B const& block) {
    text_rows const& text = *block.text();
    std::size_t const neurons = block.firings().neurons();
    layer_firsts& layer = layers_[block.layer()];
    layer.check(block.layer(), neurons);
    layer.first_documents.resize(neurons, never_fired);
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, (neurons + 63) / 64, 8), [&](auto const& words) {
      std::vector<std::uint64_t> any(words.size());
      for (std::size_t s = 0; s < text.sequences.size(); ++s) {
        sequence const& sequence = text.sequences[s];
        for (std::uint32_t row = sequence.first_row; row < sequence.first_row + sequence.length; ++row) {
          auto const fired = block.firings().row(row).subspan(words.begin(), words.size());
          for (std::size_t w = 0; w < any.size(); ++w) any[w] |= fired[w];
        }
        if (s + 1 < text.sequences.size() && text.sequences[s + 1].document == sequence.document) continue;
        for (std::size_t w = 0; w < any.size(); ++w)
          for (; any[w] != 0; any[w] &= any[w] - 1)
            note(layer.first_documents[(words.begin() + w) * 64 + static_cast<std::size_t>(std::countr_zero(any[w]))],
                 splitmix64(sequence.document));
      }
    });
    for (sequence const& sequence : text.sequences) layer.tokens[splitmix64(sequence.document)] += sequence.length;
    observed_.note(block.layer(), fingerprints(text));
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons. This is unchanged then.
  void merge(first_firings const& other) {
    observed_.check_disjoint(other.observed_);
    for (auto const& [number, theirs] : other.layers_)
      if (auto const mine = layers_.find(number); mine != layers_.end())
        mine->second.check(number, theirs.first_documents.size());
    for (auto const& [number, theirs] : other.layers_) {
      layer_firsts& mine = layers_[number];
      mine.first_documents.resize(theirs.first_documents.size(), never_fired);
      for (std::size_t n = 0; n < theirs.first_documents.size(); ++n)
        for (std::uint64_t const place : theirs.first_documents[n]) note(mine.first_documents[n], place);
      for (auto const& [place, tokens] : theirs.tokens) mine.tokens[place] += tokens;
    }
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const {
    std::vector<std::uint32_t> numbers;
    for (auto const& [number, layer] : layers_) numbers.push_back(number);
    return numbers;
  }

  /// What is known of one layer. Throws std::out_of_range for a layer that was never observed.
  first_firing_record record(std::uint32_t layer) const {
    auto const found = layers_.find(layer);
    if (found == layers_.end())
      throw std::out_of_range("census::first_firings: layer " + std::to_string(layer) + " was not observed");
    first_firing_record known{{}, found->second.first_documents};
    for (auto const& [place, tokens] : found->second.tokens) known.documents.push_back({place, tokens});
    return known;
  }

  friend bool operator==(first_firings const& a, first_firings const& b) { return a.layers_ == b.layers_; }

 private:
  using places = std::array<std::uint64_t, 3>;
  static constexpr places never_fired{first_firing_record::never, first_firing_record::never,
                                      first_firing_record::never};

  struct layer_firsts {
    std::vector<places> first_documents;            // [neuron]
    std::map<std::uint64_t, std::uint64_t> tokens;  // of each document, by its place

    void check(std::uint32_t layer, std::size_t neurons) const {
      if (!tokens.empty() && first_documents.size() != neurons)
        throw std::invalid_argument("census::first_firings: layer " + std::to_string(layer) + " has " +
                                    std::to_string(first_documents.size()) + " neurons here and " +
                                    std::to_string(neurons) + " there");
    }
    friend bool operator==(layer_firsts const&, layer_firsts const&) = default;
  };

  /// Keeps the three least of the places met, each once: so they do not depend on the order.
  static void note(places& kept, std::uint64_t place) {
    for (std::uint64_t& other : kept) {
      if (place == other) return;
      if (place < other) std::swap(place, other);
    }
  }

  std::map<std::uint32_t, layer_firsts> layers_;
  observed_text observed_;
};

}  // namespace census
