// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace census {

/// Which of a family of hypotheses are rejected by their p-values [hypothesis], so that the chance to reject any true
/// one is at most `error`, however the p-values hang together. The least is held against error / m for m hypotheses,
/// the next against error / (m - 1), and so on to the first that fails. Those whose p-value is NaN are no part of the
/// family. Source: Holm 1979.
inline std::vector<bool> holm(std::span<double const> p, double error) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<bool> rejected(p.size(), false);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (p[order[i]] > error / static_cast<double>(order.size() - i)) break;
    rejected[order[i]] = true;
  }
  return rejected;
}

}  // namespace census
