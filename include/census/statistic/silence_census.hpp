// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace census {

/// Whether a neuron that was silent on a text is dead.
enum class silence : std::uint8_t {
  provable,  ///< its weights leave no input that makes it fire
  broken,    ///< an input was found that makes it fire
  unknown    ///< neither
};

/// A neuron that was silent on a text. Cosines are those of pre_activation_range: what it demands before it fires, the
/// largest in the text, and the largest that anything tried gave.
struct silent_neuron {
  std::uint32_t neuron = 0;
  census::silence silence = silence::unknown;
  double demanded_cosine = 0, largest_cosine_in_text = 0, largest_cosine = 0;
  std::uint64_t near_silences = 0;  ///< tokens at which the layer's own rounding may have decided so
};

/// The silent neurons of a layer, ascending, and how many neurons are beyond doubt, or within rounding of being another
/// kind: could_be_dead fire by rounding alone, could_be_alive are silent by rounding alone.
struct silence_census {
  std::uint32_t layer = 0;
  std::size_t neurons = 0, always_on = 0, could_be_dead = 0, could_be_alive = 0;
  std::vector<silent_neuron> silent;
};

}  // namespace census
