// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/packed_firings.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace census::detail {

/// A row of values that a recording cannot hold beside its firings, and why.
struct misfit {
  std::size_t row;
  char const* cause;
};

/// The first row in which a value is NaN, or in which others than the recorded neurons are above zero; nothing where
/// there is none.
inline std::optional<misfit> find_misfit(activation_values const& values, packed_firings const& recorded) {
  std::vector<std::uint64_t> packed(recorded.words_per_row());
  for (std::size_t row = 0; row < recorded.rows(); ++row) {
    if (!pack_row(values.row(row), packed.data())) return misfit{row, "has NaN"};
    if (!std::ranges::equal(packed, recorded.row(row))) return misfit{row, "has values that do not fire as recorded"};
  }
  return std::nullopt;
}

}  // namespace census::detail
