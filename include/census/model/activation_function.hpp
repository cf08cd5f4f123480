// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace census {

/// What a feed-forward block applies between its two products. All of them are above 0 where their argument is, and
/// nowhere else, so that a neuron fires by its sign whichever it is.
enum class activation_function : std::uint8_t {
  relu,       ///< max(x, 0)
  gelu,       ///< x · Φ(x), by the error function
  gelu_tanh,  ///< its form with tanh: x/2 · (1 + tanh u), u = √(2/π) (x + 0.044715 x³)
  silu        ///< x / (1 + exp(−x)), also called swish
};

/// The function of that name in a `config.json`, as Hugging Face transformers has them; std::nullopt where it is none
/// of these.
inline std::optional<activation_function> activation_function_of(std::string_view name) {
  using enum activation_function;
  constexpr std::array<std::pair<std::string_view, activation_function>, 6> names{{{"relu", relu},
                                                                                   {"gelu", gelu},
                                                                                   {"gelu_new", gelu_tanh},
                                                                                   {"gelu_pytorch_tanh", gelu_tanh},
                                                                                   {"silu", silu},
                                                                                   {"swish", silu}}};
  for (auto const& [known, function] : names)
    if (known == name) return function;
  return std::nullopt;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false alarms of g++ 12 on AVX-512 intrinsics (PR 105593)
#endif

namespace detail {

// row = f(row + bias). Returns whether no value is NaN then.
template <class F>
bool map_row(std::span<float> row, std::span<float const> bias, F const& f) {
  unsigned unordered = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = f(row[i] + bias[i]);
    unordered |= row[i] != row[i];
  }
  return unordered == 0;
}

// row = x / (1 + exp(exponent(x))), x = row + bias; in whole vectors, padding included, so that a value's bits do not
// depend on its place.
template <class Exponent>
bool divide_row(std::span<float> row, std::span<float const> bias, Exponent const& exponent) {
  auto const size = static_cast<Eigen::Index>(padded(row.size()));
  Eigen::Map<Eigen::ArrayXf, Eigen::Aligned64> x(row.data(), size);
  x += Eigen::Map<Eigen::ArrayXf const, Eigen::Aligned64>(bias.data(), size);
  x /= 1 + exponent(x).exp();
  unsigned unordered = 0;
  for (float const value : row) unordered |= value != value;
  return unordered == 0;
}

}  // namespace detail

/// row = f(row + bias), one token's neurons, in float32; NaN stays NaN. Returns whether there is none. Row and bias
/// start on 64 bytes and are padded, the row's padding is written. Where x is negative, f(x) is computed without the
/// cancellation that 1 + erf and 1 + tanh have there.
inline bool add_bias_and_activate(activation_function f, std::span<float> row, std::span<float const> bias) {
  using enum activation_function;
  if (f == relu) return detail::map_row(row, bias, [](float x) { return x < 0 ? 0.f : x; });
  if (f == gelu) return detail::map_row(row, bias, [](float x) { return 0.5f * x * std::erfc(x * -0.70710678f); });
  if (f == silu) return detail::divide_row(row, bias, [](auto const& x) { return -x; });
  return detail::divide_row(row, bias, [](auto const& x) {  // (1 + tanh u)/2 = 1/(1 + exp(−2u))
    return x * (-1.5957691f - 0.071354816f * x * x);
  });
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

}  // namespace census
