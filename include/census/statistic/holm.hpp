// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace census {

/// Which of a family of hypotheses may be rejected by their p-values so that the probability that any of the rejected
/// ones is true is at most `error`, however they depend on each other: the smallest p is held against error / size, the
/// next against error / (size - 1), and so on up to the first that is above (Holm 1979). What Bonferroni's rule rejects
/// is rejected, too.
inline std::vector<bool> holm_rejections(std::span<double const> p, double error = 0.05) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<bool> rejected(p.size(), false);
  std::size_t left = p.size();
  for (std::size_t const i : order) {
    if (!(p[i] <= error / static_cast<double>(left))) break;
    rejected[i] = true, --left;
  }
  return rejected;
}

}  // namespace census
