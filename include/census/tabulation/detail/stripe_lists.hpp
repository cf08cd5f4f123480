// SPDX-License-Identifier: MIT
#pragma once

#include <census/for_each_set_bit.hpp>
#include <census/tabulation/detail/bit_sliced_counters.hpp>
#include <census/tabulation/detail/ngram_chunks.hpp>
#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/key_firings.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace census::detail {

/// The n-grams at which some neurons of a stripe fire, listed neuron by neuron.
class stripe_lists {
 public:
  /// Of `chosen` neurons of the layer, ascending, all of the stripe that begins with neuron `first`.
  stripe_lists(std::span<std::uint32_t const> chosen, std::size_t first) : lists_(chosen.size()) {
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      std::size_t const neuron = chosen[i] - first;
      mask_[neuron / 64] |= std::uint64_t{1} << neuron % 64;
      list_of_[neuron] = static_cast<std::uint32_t>(i);
    }
  }

  /// Some rows of an n-gram. N-grams come in ascending order.
  void add(ngram_run const& ngram, std::span<stripe const> rows) {
    while (!rows.empty()) {
      auto const some = rows.first(std::min(rows.size(), bit_sliced_counters::most_rows));
      add_some(ngram, some);
      rows = rows.subspan(some.size());
    }
  }

  /// The n-grams of the i-th chosen neuron, ascending by number.
  std::span<key_firings const> operator[](std::size_t i) const { return lists_[i]; }

 private:
  void add_some(ngram_run const& ngram, std::span<stripe const> rows) {
    stripe any{};
    for (stripe const& row : rows)
      for (std::size_t w = 0; w < stripe_words; ++w) any[w] |= row[w] & mask_[w];
    if (any == stripe{}) return;  // as at most n-grams
    bit_sliced_counters counters;
    for (stripe const& row : rows) counters.add(row);
    for_each_set_bit(any, [&](std::size_t neuron) {
      auto& list = lists_[list_of_[neuron]];
      if (list.empty() || list.back().row != ngram.ngram) list.push_back({ngram.ngram, 0, ngram.occurrences});
      list.back().firings += counters.count(neuron);
    });
  }

  stripe mask_{};                                           // a bit for each chosen neuron
  std::array<std::uint32_t, stripe_words * 64> list_of_{};  // [neuron of the stripe], where it is chosen
  std::vector<std::vector<key_firings>> lists_;             // [chosen neuron]
};

}  // namespace census::detail
