// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>
#include <census/statistic/census_rules.hpp>
#include <census/survey/plan_census.hpp>

#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>

namespace census {

/// Whether a neuron that fires at the first position behind BOS, and nowhere else, has more than the paper's 0.05 nats:
/// so it is in contexts of up to 115 tokens.
inline bool first_position_suffices(std::uint64_t context) {
  if (context < 3) return true;
  double const f = 1 / static_cast<double>(context - 1);
  return -f * std::log(f) - (1 - f) * std::log(1 - f) > census_rules{}.positional_above;
}

/// Tells of a plan what people want to know before it runs: how much text there is, what it will hold, and where the
/// text is too short to say anything about position.
inline void describe(census_plan const& plan, std::ostream& out) {
  auto const mebibytes = [](std::uint64_t bytes) { return std::to_string((bytes >> 20) + 1) + " MiB"; };
  auto const& size = plan.size;
  out << size.tokens << " tokens, " << size.distinct_tokens << " of them distinct, in " << size.sequences
      << " sequences of " << size.documents << " documents\n"
      << "memory: at most " << mebibytes(plan.total()) << ", of these " << mebibytes(plan.weights)
      << " a layer's weights, " << mebibytes(plan.working) << " to work in, "
      << mebibytes(plan.survey.tables + plan.survey.results) << " tables and results, "
      << mebibytes(plan.survey.ngrams + plan.firings_held) << " n-grams and firings, " << mebibytes(plan.residuals_held)
      << " residual streams";
  std::string const file = " in a file in " + printable(plan.options.folder.string());
  if (plan.residuals_held < plan.residuals)
    out << " (the other " << mebibytes(plan.residuals - plan.residuals_held) << " wait" << file << ")";
  if (plan.firings_held < plan.firings)
    out << "; of a layer's firings " << mebibytes(plan.firings - plan.firings_held) << " lie" << file;
  out << "; one pass over " << mebibytes(plan.weights_read) << " of weights\n";
  if (plan.full_sequences == 0)
    out << "warning: no document fills a sequence of " << size.positions
        << " tokens, so nothing will be said about position; a shorter context would\n";
  else if (plan.full_sequences < 10)
    out << "warning: with " << plan.full_sequences << " full sequences, chance alone makes neurons positional\n";
  if (plan.full_sequences > 0 && first_position_suffices(size.positions))
    out << "warning: with a context of " << size.positions
        << " tokens, firing at position 1 alone makes a neuron positional\n";
}

}  // namespace census
