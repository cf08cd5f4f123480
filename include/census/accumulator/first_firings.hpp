// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/observed_text.hpp>
#include <census/accumulator/per_layer.hpp>
#include <census/parallel_loop.hpp>
#include <census/splitmix64.hpp>
#include <census/statistic/unseen_estimate.hpp>
#include <census/tabulation/key_index.hpp>
#include <census/tabulation/tabulate.hpp>

#include <tbb/blocked_range.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace census {

/// An accumulator: the documents in which each neuron of each layer fired, BOS included, as far as they tell how much
/// text is enough: its first three in an order that shuffles them. 24 bytes a neuron and some 64 a document and layer;
/// each block is counted by document, and of those counts no more is kept.
///
///     census::first_firings first;
///     census::survey(source, first);
///     auto const estimate = census::estimate_unseen(first.at(3));
///
/// Documents are told apart by their number: two corpora whose surveys are merged are to number theirs apart.
class first_firings {
 public:
  /// Bytes of memory for one layer, from above, with what it counts a block in. A map's node has four more words than
  /// what it holds, and the allocator's own.
  static std::uint64_t bytes(std::uint64_t documents, std::uint64_t tokens, std::uint64_t sequences,
                             std::uint64_t neurons) {
    constexpr std::uint64_t node = sizeof(decltype(layer_record::tokens)::value_type) + 6 * sizeof(void*);
    return 2 * sizeof(places) * neurons + node * documents + observed_text::bytes(sequences) +
           firing_counts::bytes(documents_counted(documents), tokens, neurons);
  }

  /// How many of a block's documents are counted at a time, at most.
  static std::uint64_t documents_counted(std::uint64_t documents) {
    return std::min<std::uint64_t>(documents, documents_at_a_time);
  }

  /// Throws as firings_by does. This is unchanged then.
  template <countable_block B>
  void observe(B const& block) {
    require_rows(block, "census::first_firings");
    resolve(block.text());
    observed_.check_new(block.layer(), *block.text(), fingerprints_);
    std::size_t const neurons = block.firings().neurons();
    layers_.update(block.layer(), neurons, [&](layer_record& layer) {
      auto first_documents = layer.first_documents;
      for (document_group const& documents : documents_) {
        firing_counts counted(neurons);
        tabulate(block.firings(), documents.rows, counted);
        note(documents, counted.at_home(), first_documents);
      }
      for (sequence const& sequence : block.text()->sequences)
        layer.tokens[splitmix64(sequence.document)] += sequence.length;
      layer.first_documents = std::move(first_documents);
    });
    observed_.note(block.layer(), fingerprints_);
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer, or layers differ in
  /// their number of neurons. This is unchanged then.
  void merge(first_firings const& other) {
    observed_.check_disjoint(other.observed_);
    layers_.merge(other.layers_, [](layer_record& mine, layer_record const& theirs) {
      for (std::size_t n = 0; n < theirs.first_documents.size(); ++n)
        for (std::uint64_t const place : theirs.first_documents[n]) note(mine.first_documents[n], place);
      for (auto const& [place, tokens] : theirs.tokens) mine.tokens[place] += tokens;
    });
    observed_.merge(other.observed_);
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// What is known of one layer. Throws std::out_of_range for a layer that was never observed.
  first_firing_record at(std::uint32_t layer) const {
    layer_record const& record = layers_.at(layer);
    first_firing_record known{{}, record.first_documents};
    for (auto const& [place, tokens] : record.tokens) known.documents.push_back({place, tokens});
    return known;
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("observed", observed_);
    layers_.serialize(archive, [](layer_record const& record) { return record.first_documents.size(); });
  }

  friend bool operator==(first_firings const& a, first_firings const& b) { return a.layers_ == b.layers_; }

 private:
  using places = std::array<std::uint64_t, 3>;

  struct layer_record {
    std::vector<places> first_documents;            // [neuron]
    std::map<std::uint64_t, std::uint64_t> tokens;  // of each document, by its place

    explicit layer_record(std::size_t neurons) : first_documents(neurons) {
      for (places& none : first_documents) none.fill(first_firing_record::never);
    }
    template <class Archive>
    void serialize(Archive& archive) {
      archive("first_documents", first_documents)("tokens", tokens);
    }
    friend bool operator==(layer_record const&, layer_record const&) = default;
  };

  /// Some documents of a text, counted at a time: so many that their counts take little memory.
  struct document_group {
    std::vector<std::uint64_t> documents;  // [row of the table]
    key_rows rows;
  };
  static constexpr std::size_t documents_at_a_time = 64;

  void resolve(shared_text const& text) {
    if (text == resolved_) return;
    std::set<std::uint64_t> met;
    for (sequence const& sequence : text->sequences) met.insert(sequence.document);
    std::vector<document_group> groups;
    for (auto next = met.begin(); next != met.end();) {
      document_group group;
      for (; next != met.end() && group.documents.size() < documents_at_a_time; ++next)
        group.documents.push_back(*next);
      auto const in_group = [&](token_at at) -> std::optional<std::uint64_t> {
        std::uint64_t const document = key::document{}(at);
        if (document < group.documents.front() || document > group.documents.back()) return std::nullopt;
        return document;
      };
      group.rows = key_index<std::uint64_t>{}.resolve(in_group, *text);
      groups.push_back(std::move(group));
    }
    fingerprints_ = fingerprints(*text);
    documents_ = std::move(groups);
    resolved_ = text;  // held, so that no other text can come to lie at its address
  }

  /// Takes note of the documents in which neurons fired, by the counts [document, neuron].
  static void note(document_group const& counted, firing_counts const& counts, std::vector<places>& kept) {
    parallel_loop(tbb::blocked_range<std::size_t>(0, counts.neurons(), 512), [&](auto const& neurons) {
      for (std::size_t row = 0; row < counts.rows(); ++row)
        counts.counts(row).visit([&, place = splitmix64(counted.documents[row])](auto cells) {
          for (std::size_t n = neurons.begin(); n != neurons.end(); ++n)
            if (cells[n] != 0) note(kept[n], place);
        });
    });
  }

  /// Keeps the three least of the places met, each once: so they do not depend on the order.
  static void note(places& kept, std::uint64_t place) {
    for (std::uint64_t& other : kept) {
      if (place == other) return;
      if (place < other) std::swap(place, other);
    }
  }

  per_layer<layer_record> layers_{"first_firings"};
  observed_text observed_;
  shared_text resolved_;
  std::vector<document_group> documents_;    // of the text resolved last
  std::vector<std::uint64_t> fingerprints_;  // of its sequences
};

}  // namespace census
