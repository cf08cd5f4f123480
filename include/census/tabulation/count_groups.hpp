// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/parallel_loop.hpp>
#include <census/tabulation/detail/bit_sliced_counters.hpp>
#include <census/tabulation/detail/stripe.hpp>
#include <census/tabulation/kept_layer.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Some neighbouring neurons of a layer: first .. first + count - 1.
struct neuron_range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

namespace detail {

/// The sequences of a kept layer that are counted, group by group.
struct grouped_sequences {
  struct place {
    std::size_t part, first_row;
  };
  std::size_t positions = 0;           // of each sequence
  std::vector<std::vector<place>> of;  // [group]
};

/// Counts the firings of one stripe of neurons by position, a group of sequences at a time.
class stripe_group_counter {
 public:
  static constexpr std::size_t sequences_at_once = 15;  // four bit slices hold their counts

  stripe_group_counter(kept_layer const& layer, grouped_sequences const& groups, std::size_t first_word,
                       std::size_t words)
      : layer_(&layer), groups_(&groups), first_word_(first_word), words_(words),
        bits_a_sequence_(groups.positions * words), bits_(sequences_at_once * bits_a_sequence_),
        cells_(64 * bits_a_sequence_) {}

  static std::uint64_t bytes(std::uint64_t positions) {
    return positions * stripe_words * (sequences_at_once * sizeof(std::uint64_t) + 64 * sizeof(std::uint32_t));
  }

  /// The counts [position, 64 * words] of a group, until the next one is asked for.
  std::span<std::uint32_t const> operator()(std::size_t group) {
    std::ranges::fill(cells_, 0);
    for (std::span<grouped_sequences::place const> left(groups_->of[group]); !left.empty();) {
      auto const some = left.first(std::min(left.size(), sequences_at_once));
      count(some);
      left = left.subspan(some.size());
    }
    return cells_;
  }

 private:
  void count(std::span<grouped_sequences::place const> sequences) {
    for (std::size_t i = 0; i < sequences.size(); ++i)
      kept_layer::read(layer_->parts()[sequences[i].part], first_word_, words_,
                       std::span(bits_).subspan(i * bits_a_sequence_, bits_a_sequence_), sequences[i].first_row);
    for (std::size_t position = 0; position < groups_->positions; ++position) {
      auto const read = [&](std::size_t i) {
        return read_stripe(std::span(bits_).subspan(i * bits_a_sequence_ + position * words_, words_), 0, words_);
      };
      count_rows(0, sequences.size(), read, &cells_[64 * words_ * position], words_);
    }
  }

  kept_layer const* layer_;
  grouped_sequences const* groups_;
  std::size_t first_word_, words_, bits_a_sequence_;
  std::vector<std::uint64_t> bits_;   // [sequence, position, word]
  std::vector<std::uint32_t> cells_;  // [position, neuron]
};

}  // namespace detail

/// Memory that count_groups needs beside the layer, in bytes, from above.
inline std::uint64_t count_groups_bytes(std::uint64_t positions, std::uint64_t sequences, std::uint64_t threads) {
  return threads * detail::stripe_group_counter::bytes(positions) +
         2 * sizeof(detail::grouped_sequences::place) * sequences;
}

/// Counts firings by position for groups of sequences apart, in memory for one group and some hundred neurons a thread:
/// calls visit(neurons, counts_of) for stripes of neighbouring neurons, in parallel; counts_of(group) gives the counts
/// [position, neuron], row after row, of one group until the next one is asked for; rows are neurons.count long, filled
/// up to a multiple of 64. group_of(sequence) is the group, 0 .. groups - 1, in which a sequence counts, or
/// std::nullopt. `visit` may write only what belongs to its neurons.
///
/// Throws std::invalid_argument where a sequence that counts has another number of positions, std::out_of_range for a
/// group that there is not, bad_input where firings lie in a file that cannot be read.
template <std::regular_invocable<sequence const&> GroupOf, class Visit>
void count_groups(kept_layer const& layer, std::uint32_t groups, std::size_t positions, GroupOf const& group_of,
                  Visit const& visit) {
  detail::grouped_sequences grouped{positions, std::vector<std::vector<detail::grouped_sequences::place>>(groups)};
  for (std::size_t part = 0; part < layer.parts().size(); ++part)
    for (sequence const& one : layer.parts()[part].text->sequences) {
      std::optional<std::uint32_t> const group = group_of(one);
      if (!group) continue;
      if (one.length != positions)
        throw std::invalid_argument("census::count_groups: document " + std::to_string(one.document) + ", piece " +
                                    std::to_string(one.piece) + " has " + std::to_string(one.length) +
                                    " positions, not " + std::to_string(positions));
      grouped.of.at(*group).push_back({part, one.first_row});
    }

  std::size_t const words_per_row = layer.words_per_row();
  std::size_t const stripes = (words_per_row + detail::stripe_words - 1) / detail::stripe_words;
  parallel_loop(std::size_t{0}, stripes, [&](std::size_t s) {
    std::size_t const first_word = s * detail::stripe_words;
    std::size_t const words = std::min(detail::stripe_words, words_per_row - first_word);
    std::size_t const neurons = std::min(64 * words, layer.neurons() - 64 * first_word);
    detail::stripe_group_counter counts_of(layer, grouped, first_word, words);
    visit(neuron_range{static_cast<std::uint32_t>(64 * first_word), static_cast<std::uint32_t>(neurons)}, counts_of);
  });
}

}  // namespace census
