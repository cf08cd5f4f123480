// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace census {

/// How often one neuron's pre-activation came so near to zero that its layer's own rounding may have decided whether it
/// fired; what the layers below rounded is not in the bound (rounding_error measures that).
struct near_zero_counts {
  std::uint64_t firings = 0;
  std::uint64_t near_firings = 0;   ///< of these, those not above the bound: 0 < x <= bound
  std::uint64_t near_silences = 0;  ///< silent, but not by more than the bound: -bound <= x <= 0

  /// Whether other rounding could make a dead neuron of a living one, or the reverse.
  bool could_be_dead() const { return firings > 0 && firings == near_firings; }
  bool could_be_alive() const { return firings == 0 && near_silences > 0; }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("firings", firings)("near_firings", near_firings)("near_silences", near_silences);
  }

  friend bool operator==(near_zero_counts const&, near_zero_counts const&) = default;
};

}  // namespace census
