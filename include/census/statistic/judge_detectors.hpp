// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detector_claim.hpp>
#include <census/statistic/holm.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/verdict.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace census {

/// Decides which neurons surely detect tokens and which surely do not, once all layers are there: the claims made of
/// all their neurons are one family, so that the probability that any verdict is false is at most `error` for the model
/// (docs/decisions/0021). A neuron of which nothing is claimed, or whose claim does not stand, is undecided. Judging
/// twice changes nothing.
inline void judge_detectors(std::span<layer_census> layers, double error = 0.05) {
  std::vector<double> p;
  for (layer_census const& layer : layers)
    for (tested_claim const& claim : layer.tokens.claims)
      if (claim.verdict != verdict::undecided) p.push_back(claim.p);
  auto const stands = holm_rejections(p, error);
  std::size_t next = 0;
  for (layer_census& layer : layers) {
    layer.tokens.verdicts.assign(layer.tokens.claims.size(), verdict::undecided);
    for (std::size_t n = 0; n < layer.tokens.claims.size(); ++n)
      if (tested_claim const& claim = layer.tokens.claims[n]; claim.verdict != verdict::undecided && stands[next++])
        layer.tokens.verdicts[n] = claim.verdict;
  }
}

}  // namespace census
