// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_place.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace census {

/// One firing of a neuron, and the tokens around it: those of its own sequence alone, so that a window is shorter near
/// the sequence's ends.
struct activation_example {
  float value = 0;  ///< the activation
  text_place place;
  std::uint32_t first = 0;    ///< position of the window's first token
  std::vector<token_id> ids;  ///< of the window [token]; no_token where it is not known
  std::vector<float> values;  ///< the neuron's activation at each [token], 0 where it does not fire

  /// Where in the window the firing is.
  std::size_t at() const { return place.position - first; }

  /// Throws std::invalid_argument where what is restored is no firing in a window.
  template <class Archive>
  void serialize(Archive& archive) {
    archive("value", value)("place", place)("first", first)("ids", ids)("values", values);
    if (Archive::is_reading && (place.position < first || at() >= ids.size() || values.size() != ids.size()))
      throw std::invalid_argument("census::activation_example: a firing outside its window");
  }
  friend bool operator==(activation_example const&, activation_example const&) = default;
};

}  // namespace census
