// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>

namespace census {

/// What a neuron's weights alone prove about it.
enum class liveness_proof : std::uint8_t {
  none,
  dead,      ///< no input whatever makes it fire
  always_on  ///< every input does
};

/// All that can reach a neuron's activation function when it reads the output of a layer norm, whatever the residual
/// stream: pre-activation = centre + u · y, where u = gain ⊙ w and y, the normed vector before gain and shift, is no
/// longer than √d, and has mean 0 up to rounding. Computed in double from float32 weights.
struct pre_activation_range {
  double centre = 0;       ///< c = w · shift + bias
  double reach = 0;        ///< √d · ‖u − mean u‖: what y can add at most, in exact arithmetic
  double float_reach = 0;  ///< √d · ‖u‖: what y can add at most in floats, where its mean may be anything
  double magnitude = 0;  ///< √d · ‖u‖ + ‖w ⊙ shift‖₁ + |bias|: the terms that rounding works on, at most
  std::size_t columns = 0;  ///< d

  double largest() const { return centre + reach; }
  double smallest() const { return centre - reach; }

  /// The most by which float32 arithmetic, from the norm to the sum with the bias, in whatever order it adds, can miss
  /// the pre-activation: (d + 16) · 2⁻²³ · magnitude. docs/decisions/0008 derives it.
  double rounding() const { return (static_cast<double>(columns) + 16) * 0x1p-23 * magnitude; }

  /// The same where errors do not conspire: (deviations · √d + 16) · 2⁻²⁴ · magnitude, exceeded at one token with a
  /// probability below 2 exp(−deviations²/2), if roundings are independent with mean 0 (Higham and Mary, 2019).
  double likely_rounding(double deviations = 6) const {
    return (deviations * std::sqrt(static_cast<double>(columns)) + 16) * 0x1p-24 * magnitude;
  }

  /// A proof for the arithmetic that runs, not for exact numbers: with `float_reach` and `rounding`.
  liveness_proof proof() const {
    if (centre + float_reach <= -rounding()) return liveness_proof::dead;
    if (centre - float_reach > rounding()) return liveness_proof::always_on;
    return liveness_proof::none;
  }

  /// The cosine between y and u − mean u at which the pre-activation has this value. Beyond [−1, 1] where none gives
  /// it; of a neuron that reads nothing ±infinity.
  double cosine(double pre_activation) const {
    double const wanted = pre_activation - centre;
    if (reach > 0) return wanted / reach;
    return wanted < 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }

  /// κ = −c / reach, the cosine that the neuron demands before it fires: 1 or more is dead for every input, less than
  /// −1 always on, 0 fires on half of all directions.
  double demanded_cosine() const { return cosine(0); }
};

/// The range of a neuron with the weights `w` and `bias` that reads a layer norm of this gain and shift, each [hidden]:
/// ones and zeros where the norm has no parameters, 0 where the neuron has no bias. Throws std::invalid_argument where
/// they differ in size.
inline pre_activation_range range_of_pre_activation(std::span<float const> w, float bias, std::span<float const> gain,
                                                    std::span<float const> shift) {
  if (gain.size() != w.size() || shift.size() != w.size())
    throw std::invalid_argument("census::range_of_pre_activation: weights, gain and shift differ in size");
  auto const d = static_cast<double>(w.size());
  double sum = 0, squares = 0, shifted = 0, shifts = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    double const u = double{gain[i]} * double{w[i]}, s = double{shift[i]} * double{w[i]};
    sum += u, squares += u * u, shifted += s, shifts += std::abs(s);
  }
  double const mean = w.empty() ? 0 : sum / d;
  double centred = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    double const u = double{gain[i]} * double{w[i]} - mean;
    centred += u * u;
  }
  double const float_reach = std::sqrt(d * squares);
  return {shifted + double{bias}, std::sqrt(d * centred), float_reach, float_reach + shifts + std::abs(double{bias}),
          w.size()};
}

}  // namespace census
