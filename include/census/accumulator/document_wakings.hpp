// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/concepts.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/statistic/waking.hpp>
#include <census/stirred.hpp>

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
///     census::document_wakings wakings;
///     census::survey(source, wakings);
///     auto const estimate = census::estimate_waking(wakings.record(3));
///
/// Documents are told apart by their number: two corpora whose surveys are merged are to number theirs apart.
class document_wakings {
 public:
  /// Throws std::invalid_argument where the layer had another number of neurons before.
  template <host_block B>
  void observe(B const& block) {
    text_rows const& text = *block.text();
    std::size_t const neurons = block.firings().neurons();
    layer_wakings& layer = layers_[block.layer()];
    layer.check(block.layer(), neurons);
    layer.woken_in.resize(neurons, asleep);
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
            note(layer.woken_in[(words.begin() + w) * 64 + static_cast<std::size_t>(std::countr_zero(any[w]))],
                 stirred(sequence.document));
      }
    });
    for (sequence const& sequence : text.sequences) layer.tokens[stirred(sequence.document)] += sequence.length;
    observed_.note(block.layer(), fingerprints(text));
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons. This is unchanged then.
  void merge(document_wakings const& other) {
    observed_.check_disjoint(other.observed_);
    for (auto const& [number, theirs] : other.layers_)
      if (auto const mine = layers_.find(number); mine != layers_.end())
        mine->second.check(number, theirs.woken_in.size());
    for (auto const& [number, theirs] : other.layers_) {
      layer_wakings& mine = layers_[number];
      mine.woken_in.resize(theirs.woken_in.size(), asleep);
      for (std::size_t n = 0; n < theirs.woken_in.size(); ++n)
        for (std::uint64_t const place : theirs.woken_in[n]) note(mine.woken_in[n], place);
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
  waking_record record(std::uint32_t layer) const {
    auto const found = layers_.find(layer);
    if (found == layers_.end())
      throw std::out_of_range("census::document_wakings: layer " + std::to_string(layer) + " was not observed");
    waking_record known{{}, found->second.woken_in};
    for (auto const& [place, tokens] : found->second.tokens) known.documents.push_back({place, tokens});
    return known;
  }

  friend bool operator==(document_wakings const& a, document_wakings const& b) { return a.layers_ == b.layers_; }

 private:
  using places = std::array<std::uint64_t, 3>;
  static constexpr places asleep{waking_record::never, waking_record::never, waking_record::never};

  struct layer_wakings {
    std::vector<places> woken_in;                   // [neuron]
    std::map<std::uint64_t, std::uint64_t> tokens;  // of each document, by its place

    void check(std::uint32_t layer, std::size_t neurons) const {
      if (!tokens.empty() && woken_in.size() != neurons)
        throw std::invalid_argument("census::document_wakings: layer " + std::to_string(layer) + " has " +
                                    std::to_string(woken_in.size()) + " neurons here and " + std::to_string(neurons) +
                                    " there");
    }
    friend bool operator==(layer_wakings const&, layer_wakings const&) = default;
  };

  /// Keeps the three least of the places met, each once: so they do not depend on the order.
  static void note(places& kept, std::uint64_t place) {
    for (std::uint64_t& other : kept) {
      if (place == other) return;
      if (place < other) std::swap(place, other);
    }
  }

  std::map<std::uint32_t, layer_wakings> layers_;
  observed_text observed_;
};

}  // namespace census
