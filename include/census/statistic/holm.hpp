// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace census {

/// Which of a family of hypotheses may be rejected by their p-values [hypothesis], so that the probability that any of
/// the rejected ones is true is at most `error`, however they depend on each other: the least p of m is held against
/// error / m, the next against error / (m - 1), and so on up to the first that is above (Holm 1979). What Bonferroni's
/// rule rejects is rejected, too. Those whose p is NaN are no part of the family.
inline std::vector<bool> holm_rejections(std::span<double const> p, double error = 0.05) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<bool> rejected(p.size(), false);
  std::size_t left = order.size();
  for (std::size_t const i : order) {
    if (p[i] > error / static_cast<double>(left)) break;
    rejected[i] = true, --left;
  }
  return rejected;
}

}  // namespace census
