// SPDX-License-Identifier: MIT
#pragma once

#include <census/accumulator/per_layer.hpp>
#include <census/accumulator/valued_block.hpp>
#include <census/activation/text_place.hpp>
#include <census/activation/text_rows.hpp>
#include <census/parallel_loop.hpp>

#include <tbb/blocked_range.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace census {

/// The largest value of one neuron and where it stood; of equals at the first place. −infinity where it saw no token.
struct largest_value {
  float value = -std::numeric_limits<float>::infinity();
  text_place place;
  template <class Archive>
  void serialize(Archive& archive) {
    archive("value", value)("place", place);
  }
  friend bool operator==(largest_value const&, largest_value const&) = default;
};

/// An accumulator: the largest value of each neuron of each layer, and its place. On a model's pre-activations
/// (`.keep_values = census::pre_activations`) it tells how near a silent neuron came to firing, and where. The same
/// sequence observed or merged twice changes nothing.
class largest_values {
 public:
  /// Throws std::invalid_argument where the block does not carry the values of all neurons, or one is NaN, or its layer
  /// had another number of neurons before.
  template <valued_block B>
  void observe(B const& block) {
    require_values(block, "census::largest_values");
    require_no_nan(block, "census::largest_values");
    std::size_t const neurons = block.firings().neurons();
    text_rows const& text = *block.text();
    layers_.update(block.layer(), neurons, [&](std::vector<largest_value>& largest) {
      parallel_loop(tbb::blocked_range<std::size_t>(0, neurons, stripe), [&](auto const& range) {
        for (sequence const& s : text.sequences)
          for (std::uint32_t position = 0; position < s.length; ++position) {
            std::span<float const> const values = block.values().row(s.first_row + position);
            for (std::size_t n = range.begin(); n != range.end(); ++n)
              if (values[n] >= largest[n].value) take(largest[n], {values[n], {s.document, s.piece, position}});
          }
      });
    });
  }

  /// Throws std::invalid_argument where layers differ in their number of neurons. This is unchanged then.
  void merge(largest_values const& other) {
    layers_.merge(other.layers_, [](std::vector<largest_value>& mine, std::vector<largest_value> const& theirs) {
      for (std::size_t n = 0; n < mine.size(); ++n) take(mine[n], theirs[n]);
    });
  }

  /// The layers observed, ascending.
  std::vector<std::uint32_t> layers() const { return layers_.layers(); }

  /// The largest values of a layer [neuron]. Throws std::out_of_range for a layer that was never observed.
  std::span<largest_value const> at(std::uint32_t layer) const { return layers_.at(layer); }

  template <class Archive>
  void serialize(Archive& archive) {
    layers_.serialize(archive, [](auto const& largest) { return largest.size(); });
  }

  friend bool operator==(largest_values const&, largest_values const&) = default;

 private:
  static constexpr std::size_t stripe = 256;  // neurons: their largest values stay in the cache

  static void take(largest_value& mine, largest_value const& other) {
    if (other.value > mine.value || (other.value == mine.value && other.place < mine.place)) mine = other;
  }

  per_layer<std::vector<largest_value>> layers_{"largest_values"};
};

}  // namespace census
