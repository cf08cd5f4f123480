// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace census::cuda {

/// What a forward pass on a device multiplies. Sums, norms, softmax, activation functions and the residual stream are
/// float32 in all of them, and a neuron fires by its float32 activation.
enum class precision : std::uint8_t {
  exact,    ///< float32 factors, as on the CPU
  tf32,     ///< float32 factors, of which the product reads the upper 19 bits: float32's range, 10 bits of fraction
  half,     ///< factors rounded to IEEE half precision: 10 bits of fraction, at most 65,504
  bfloat16  ///< factors rounded to bfloat16: float32's range, 7 bits of fraction
};

inline constexpr std::array<std::pair<std::string_view, precision>, 4> precision_names{
    {{"exact", precision::exact},
     {"tf32", precision::tf32},
     {"half", precision::half},
     {"bfloat16", precision::bfloat16}}};

/// The precision of that name, as `--precision` takes it and run.json gives it; std::nullopt where it is none.
constexpr std::optional<precision> precision_of(std::string_view name) {
  for (auto const& [known, value] : precision_names)
    if (known == name) return value;
  return std::nullopt;
}

constexpr std::string_view name_of(precision p) { return precision_names[static_cast<std::size_t>(p)].first; }

/// Bytes of a factor as it lies in the device's memory.
constexpr std::size_t factor_bytes(precision p) {
  return p == precision::exact || p == precision::tf32 ? sizeof(float) : sizeof(std::uint16_t);
}

}  // namespace census::cuda
