// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/fingerprint.hpp>
#include <census/activation/text_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// Which sequences an accumulator has observed in each layer, so that observing or merging the same data twice is
/// refused. At most 32 bytes a sequence, however many layers observe the same sequences in the same order.
class observed_text {
 public:
  /// Bytes of memory for so many sequences, from above, also while its vector and its index grow.
  static std::uint64_t bytes(std::uint64_t sequences) { return 32 * sequences; }

  /// Throws std::invalid_argument, naming the sequence, where one of a text's sequences was observed in this layer
  /// before, or comes twice in the text.
  void check_new(std::uint32_t layer, text_rows const& text, std::span<std::uint64_t const> fingerprints) const {
    auto const refuse = [&](std::uint64_t print, char const* what) {
      auto const which = std::ranges::find(fingerprints, print) - fingerprints.begin();
      sequence const& twice = text.sequences[static_cast<std::size_t>(which)];
      throw std::invalid_argument("census: layer " + std::to_string(layer) + ": the sequence of document " +
                                  std::to_string(twice.document) + ", piece " + std::to_string(twice.piece) + what +
                                  "; it would count twice. Sequences are told apart by document, piece and tokens");
    };
    std::vector<std::uint64_t> sorted(fingerprints.begin(), fingerprints.end());
    std::ranges::sort(sorted);
    if (auto const twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) refuse(*twice, " comes twice");
    for (std::uint64_t const print : fingerprints)
      if (has_observed(layer, print)) refuse(print, " was observed before");
  }

  /// Takes note of the sequences observed in a layer.
  void note(std::uint32_t layer, std::span<std::uint64_t const> fingerprints) {
    auto& runs = runs_[layer];
    std::size_t first = runs.empty() ? 0 : runs.back().end;
    auto const known = after(first).first(std::min(fingerprints.size(), after(first).size()));
    if (!std::equal(fingerprints.begin(), fingerprints.end(), known.begin(), known.end())) {
      first = order_.size();
      append(fingerprints);
    }
    if (runs.empty() || runs.back().end != first) runs.push_back({first, first});
    runs.back().end += fingerprints.size();
  }

  /// Throws std::invalid_argument where both have observed the same sequence in the same layer.
  void check_disjoint(observed_text const& other) const {
    for (auto const& [layer, runs] : other.runs_)
      for (run const& one : runs)
        for (std::uint64_t const print : other.of(one))
          if (has_observed(layer, print))
            throw std::invalid_argument("census: both sides of this merge have observed the same sequence (document, "
                                        "piece and tokens) in layer " +
                                        std::to_string(layer) + "; merging would count it twice");
  }

  void merge(observed_text const& other) {
    for (auto const& [layer, runs] : other.runs_)
      for (run const& one : runs) note(layer, other.of(one));
  }

  /// The fingerprints of the sequences observed in a layer.
  std::vector<std::uint64_t> in_layer(std::uint32_t layer) const {
    std::vector<std::uint64_t> all;
    if (auto const runs = runs_.find(layer); runs != runs_.end())
      for (run const& one : runs->second) all.insert(all.end(), of(one).begin(), of(one).end());
    return all;
  }

  /// Throws std::invalid_argument where what is restored notes other sequences than it holds.
  template <class Archive>
  void serialize(Archive& archive) {
    archive.large("sequences", order_);
    archive("layers", runs_);
    if constexpr (Archive::is_reading) {
      for (auto const& [layer, runs] : runs_)
        for (std::size_t i = 0; i < runs.size(); ++i)
          if (runs[i].first < (i == 0 ? 0 : runs[i - 1].end) || runs[i].first > runs[i].end ||
              runs[i].end > order_.size())
            throw std::invalid_argument("census::observed_text: layer " + std::to_string(layer) +
                                        " observed sequences that are not there");
      auto const sequences = std::exchange(order_, {});
      slots_.clear();
      append(sequences);
    }
  }

 private:
  /// Of order_, from first up to but not including end. Those of a layer ascend.
  struct run {
    std::uint64_t first, end;

    template <class Archive>
    void serialize(Archive& archive) {
      archive("first", first)("end", end);
    }
  };

  std::span<std::uint64_t const> after(std::size_t first) const { return std::span(order_).subspan(first); }
  std::span<std::uint64_t const> of(run const& one) const { return after(one.first).first(one.end - one.first); }

  bool has_observed(std::uint32_t layer, std::uint64_t print) const {
    auto const runs = runs_.find(layer);
    if (runs == runs_.end() || slots_.empty()) return false;
    for (std::size_t slot = home(print); slots_[slot] != vacant; slot = home(slot + 1))
      if (order_[slots_[slot]] == print && holds(runs->second, slots_[slot])) return true;
    return false;
  }

  std::size_t home(std::uint64_t print) const { return print & (slots_.size() - 1); }

  static bool holds(std::vector<run> const& runs, std::size_t place) {
    auto const behind = std::upper_bound(runs.begin(), runs.end(), place,
                                         [](std::size_t at, run const& one) { return at < one.first; });
    return behind != runs.begin() && place < (behind - 1)->end;
  }

  void append(std::span<std::uint64_t const> fingerprints) {
    if (fingerprints.size() >= vacant - order_.size())
      throw std::length_error("census::observed_text: more than 2^32 - 2 sequences");
    order_.insert(order_.end(), fingerprints.begin(), fingerprints.end());
    std::size_t first = order_.size() - fingerprints.size();
    if (order_.size() > slots_.size() / 4 * 3) {
      std::size_t slots = std::max<std::size_t>(16, slots_.size());
      while (order_.size() > slots / 4 * 3) slots *= 2;
      slots_ = std::vector<std::uint32_t>(slots, vacant);
      first = 0;
    }
    for (; first < order_.size(); ++first) {
      std::size_t slot = home(order_[first]);
      while (slots_[slot] != vacant) slot = home(slot + 1);
      slots_[slot] = static_cast<std::uint32_t>(first);
    }
  }

  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();

  std::vector<std::uint64_t> order_;  // as the layer that was first observed it
  std::vector<std::uint32_t> slots_;  // where in order_: a hash table of open addresses, a power of two in size
  std::map<std::uint32_t, std::vector<run>> runs_;
};

}  // namespace census
