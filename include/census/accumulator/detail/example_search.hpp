// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/detail/ranked_examples.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/text_rows.hpp>
#include <census/for_each_set_bit.hpp>
#include <census/statistic/activation_example.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace census::detail {

/// Finds in one block the firings of some neurons that belong to those which are kept. First all of them are found,
/// then windows are copied: most of what looks large at first is surpassed before the block ends.
template <valued_block B>
class example_search {
 public:
  static constexpr std::size_t stripe = 512;  // neurons at a time: what is known of them stays in the cache

  /// Of neurons from `first_neuron` on, a multiple of 64, at most `stripe` of them and as many as the layer has.
  /// Windows have so many tokens before and behind the firing.
  example_search(B const& block, std::size_t first_neuron, std::size_t before, std::size_t after)
      : block_(block), first_neuron_(first_neuron),
        neurons_(std::min(stripe, block.firings().neurons() - first_neuron)), before_(before), after_(after),
        found_(neurons_) {}

  /// The largest of each sequence. kept(i) are the examples of the i-th of these neurons.
  template <class Kept>
  void find_largest(Kept const& kept, std::size_t count) {
    auto const& sequences = block_.text()->sequences;
    std::array<float, stripe> least;  // smaller values are not kept
    for (std::size_t i = 0; i < neurons_; ++i) least[i] = least_value(i, kept(i), count);
    for (std::uint32_t s = 0; s < sequences.size(); ++s) {
      auto largest = largest_values(sequences[s]);
      for_each_set_bit(largest.fired, [&](std::size_t i) {
        if (largest.value[i] < least[i]) return;
        bool const fires = largest.row[i] != none && block_.firings().fires(largest.row[i], first_neuron_ + i);
        if (!fires) find_largest_firing(sequences[s], i, largest);
        if (largest.row[i] == none || largest.value[i] < least[i]) return;
        offer<rank_by_value>(i, largest.value[i], largest.row[i], s, kept(i), count);
        least[i] = least_value(i, kept(i), count);
      });
    }
    take_over<rank_by_value>(kept, count);
  }

  /// Those that are drawn by lot.
  template <class Kept>
  void find_sample(Kept const& kept, std::size_t count) {
    auto const& sequences = block_.text()->sequences;
    std::array<std::uint64_t, stripe> last;  // ranks behind it are not drawn
    for (std::size_t i = 0; i < neurons_; ++i) last[i] = last_rank(i, kept(i), count);
    std::vector<std::uint64_t> rank;  // [position]: the same for all neurons
    for (std::uint32_t s = 0; s < sequences.size(); ++s) {
      rank.clear();
      for (std::uint32_t p = 0; p < sequences[s].length; ++p)
        rank.push_back(rank_by_lot::of(0, {sequences[s].document, sequences[s].piece, p}));
      for_each_firing(sequences[s], [&](std::uint32_t row, std::size_t i, float value) {
        if (rank[row - sequences[s].first_row] > last[i]) return;
        offer<rank_by_lot>(i, value, row, s, kept(i), count);
        last[i] = last_rank(i, kept(i), count);
      });
    }
    take_over<rank_by_lot>(kept, count);
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct candidate {
    ranked_place at;
    float value;
    std::uint32_t row, sequence;  // of the block's text
  };

  /// The first row that is no BOS.
  static std::uint32_t first_row(sequence const& s) { return s.first_row + (s.has_bos ? 1 : 0); }

  /// Calls visit(row, i, value) for the firings of these neurons in a sequence, those at BOS left out.
  template <class Visit>
  void for_each_firing(sequence const& s, Visit const& visit) const {
    std::size_t const first_word = first_neuron_ / 64, words = (neurons_ + 63) / 64;
    for (std::uint32_t row = first_row(s); row < s.first_row + s.length; ++row) {
      float const* const values = block_.values().row(row).data() + first_neuron_;
      auto const fired = block_.firings().row(row).subspan(first_word, words);
      for_each_set_bit(fired, [&](std::size_t i) { visit(row, i, values[i]); });
    }
  }

  /// The largest value of each neuron in a sequence, and the first row that has it.
  struct largest_of_sequence {
    std::array<float, stripe> value;
    std::array<std::uint32_t, stripe> row;
    std::array<std::uint64_t, stripe / 64> fired{};  // whether the neuron fired at all: a bit each
  };

  /// All values are compared, on vectors, whether they are firings or not: these are mostly those above a bound, and so
  /// the largest value is the largest firing where there is one.
  largest_of_sequence largest_values(sequence const& s) const {
    largest_of_sequence largest;
    largest.value.fill(-std::numeric_limits<float>::infinity());
    largest.row.fill(none);
    std::uint32_t row = first_row(s);
    std::uint32_t const end = s.first_row + s.length;
    for (; row + 4 <= end; row += 4) compare_rows<4>(row, largest);  // half the time of one after the other
    for (; row < end; ++row) compare_rows<1>(row, largest);
    return largest;
  }

  /// Takes the values of some rows into what is the largest so far.
  template <std::uint32_t Rows>
  void compare_rows(std::uint32_t first, largest_of_sequence& largest) const {
    std::array<float const*, Rows> values;
    for (std::uint32_t r = 0; r < Rows; ++r) values[r] = block_.values().row(first + r).data() + first_neuron_;
    for (std::size_t i = 0; i < neurons_; ++i) {
      float value = largest.value[i];
      std::uint32_t row = largest.row[i];
      for (std::uint32_t r = 0; r < Rows; ++r) {
        bool const larger = values[r][i] > value;
        value = larger ? values[r][i] : value;
        row = larger ? first + r : row;
      }
      largest.value[i] = value;
      largest.row[i] = row;
    }
    std::size_t const words = (neurons_ + 63) / 64;
    for (std::uint32_t r = 0; r < Rows; ++r) {
      auto const fired = block_.firings().row(first + r).subspan(first_neuron_ / 64, words);
      for (std::size_t w = 0; w < words; ++w) largest.fired[w] |= fired[w];
    }
  }

  /// The largest among the firings of the i-th neuron, where some other value is larger.
  void find_largest_firing(sequence const& s, std::size_t i, largest_of_sequence& largest) const {
    float& best = largest.value[i] = -std::numeric_limits<float>::infinity();
    largest.row[i] = none;
    for (std::uint32_t row = first_row(s); row < s.first_row + s.length; ++row)
      if (float const value = block_.values().row(row)[first_neuron_ + i];
          value > best && block_.firings().fires(row, first_neuron_ + i))
        best = value, largest.row[i] = row;
  }

  /// The smallest value that may belong to the first.
  float least_value(std::size_t i, std::vector<activation_example> const& kept, std::size_t count) const {
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    return std::max(kept.size() == count ? kept.back().value : lowest,
                    found_[i].size() == count ? found_[i].back().value : lowest);
  }

  std::uint64_t last_rank(std::size_t i, std::vector<activation_example> const& kept, std::size_t count) const {
    auto rank = std::numeric_limits<std::uint64_t>::max();
    if (kept.size() == count) rank = ranked<rank_by_lot>(kept.back()).rank;
    if (found_[i].size() == count) rank = std::min(rank, found_[i].back().at.rank);
    return rank;
  }

  /// Takes note of a firing, where it belongs to the first `count`.
  template <class Rank>
  void offer(std::size_t i, float value, std::uint32_t row, std::uint32_t s,
             std::vector<activation_example> const& kept, std::size_t count) {
    if (std::isnan(value)) return;
    sequence const& in = block_.text()->sequences[s];
    text_place const place{in.document, in.piece, row - in.first_row};
    candidate const one{{Rank::of(value, place), place}, value, row, s};
    if (!belongs_to_first<Rank>(one.at, kept, count)) return;
    auto& found = found_[i];
    auto const behind = std::ranges::upper_bound(found, one.at, {}, &candidate::at);
    found.insert(behind, one);
    if (found.size() > count) found.pop_back();
  }

  template <class Rank, class Kept>
  void take_over(Kept const& kept, std::size_t count) {
    for (std::size_t i = 0; i < neurons_; ++i) {
      for (candidate const& one : found_[i]) {
        if (!belongs_to_first<Rank>(one.at, kept(i), count)) break;
        insert_ranked<Rank>(kept(i), in_window(one, i), count);
      }
      found_[i].clear();
    }
  }

  activation_example in_window(candidate const& one, std::size_t i) const {
    sequence const& s = block_.text()->sequences[one.sequence];
    std::size_t const position = one.at.place.position, neuron = first_neuron_ + i,
                      first = position - std::min(position, before_),
                      end = std::min<std::size_t>(s.length, position + 1 + after_);
    activation_example example{one.value, one.at.place, static_cast<std::uint32_t>(first), {}, {}};
    auto const ids = std::span(block_.text()->tokens).subspan(s.first_row + first, end - first);
    example.ids.assign(ids.begin(), ids.end());
    example.values.reserve(end - first);
    for (std::size_t row = s.first_row + first; row < s.first_row + end; ++row)
      example.values.push_back(block_.firings().fires(row, neuron) ? block_.values().row(row)[neuron] : 0);
    return example;
  }

  B const& block_;
  std::size_t first_neuron_, neurons_, before_, after_;
  std::vector<std::vector<candidate>> found_;  // [neuron], each in order
};

}  // namespace census::detail
