// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census {

/// How far a layer's pre-activations, as they were computed, lie from those of the same tokens in double precision,
/// from the embedding on: what the layer's own arithmetic rounds, and what comes from the layers below.
struct rounding_error {
  std::uint64_t tokens = 0, values = 0;  ///< values: of all the layer's neurons
  double squares = 0;                    ///< of the errors, summed
  double value_squares = 0;              ///< of the values in double precision
  double largest = 0;                    ///< error
  double largest_of_bound = 0;           ///< error, in units of its neuron's bound of near zero
  std::uint64_t firings = 0;             ///< in double precision
  std::uint64_t firings_lost = 0;        ///< of these, those that the computed values have not
  std::uint64_t firings_gained = 0;      ///< those that only the computed values have

  /// Root mean squares of the errors, and of the values themselves. NaN without values.
  double rms() const { return std::sqrt(squares / static_cast<double>(values)); }
  double rms_of_values() const { return std::sqrt(value_squares / static_cast<double>(values)); }

  std::uint64_t firings_differ() const { return firings_lost + firings_gained; }

  /// Of firings in double precision; NaN without any.
  double share_that_differs() const { return static_cast<double>(firings_differ()) / static_cast<double>(firings); }

  /// Adds one token: its pre-activations as computed, in double precision, and the bounds within which values count as
  /// near zero, each [neuron].
  void add(std::span<float const> computed, std::span<double const> exact, std::span<double const> bounds) {
    ++tokens, values += computed.size();
    for (std::size_t n = 0; n < computed.size(); ++n) {
      double const error = std::abs(double{computed[n]} - exact[n]);
      squares += error * error, value_squares += exact[n] * exact[n];
      largest = std::max(largest, error);
      if (bounds[n] > 0) largest_of_bound = std::max(largest_of_bound, error / bounds[n]);
      bool const fires = computed[n] > 0, should_fire = exact[n] > 0;
      firings += should_fire, firings_lost += should_fire && !fires, firings_gained += fires && !should_fire;
    }
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("tokens", tokens)("values", values)("squares", squares)("value_squares", value_squares);
    archive("largest", largest)("largest_of_bound", largest_of_bound)("firings", firings);
    archive("firings_lost", firings_lost)("firings_gained", firings_gained);
  }
  friend bool operator==(rounding_error const&, rounding_error const&) = default;
};

}  // namespace census
