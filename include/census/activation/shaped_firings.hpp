// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>

namespace census {

/// Firings [row, neuron], wherever they lie, as far as their shape goes.
template <class F>
concept shaped_firings = requires(F const& firings) {
  { firings.rows() } -> std::convertible_to<std::size_t>;
  { firings.neurons() } -> std::convertible_to<std::size_t>;
};

}  // namespace census
