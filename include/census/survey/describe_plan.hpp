// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>
#include <census/statistic/census_rules.hpp>
#include <census/statistic/positional_types.hpp>
#include <census/survey/plan_census.hpp>
#include <census/tabulation/document_halves.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>

namespace census {

namespace detail {

/// Warns where a half of the documents is too small, and says what will be empty for it.
inline void warn_of_halves(text_halves const& halves, std::uint64_t full_sequences, std::ostream& out) {
  auto const both = [&](std::uint64_t text_half::*figure) {
    return "warning: halved, the text has " + std::to_string(halves[0].*figure) + " and " +
           std::to_string(halves[1].*figure);
  };
  if (!can_confirm(halves))
    out << both(&text_half::documents)
        << " documents, where 2 each are needed: nothing found in one half is tested on the other, so verdicts on "
           "detectors and confident types are left empty; a file of many documents can be split\n";
  else if (full_sequences > 0 &&
           std::ranges::min(halves[0].full_sequences, halves[1].full_sequences) < fewest_to_tell_types)
    out << both(&text_half::full_sequences) << " full sequences, where " << fewest_to_tell_types
        << " each are needed to compare types, so which are confident is left empty\n";
}

/// Warns where documents are copies of others.
inline void warn_of_copies(census_plan const& plan, std::ostream& out) {
  if (plan.copies > 0)
    out << "warning: " << plan.copies << " of the " << plan.size.documents
        << " documents are copies of others: they count everywhere, and make position look better than it is\n";
}

}  // namespace detail

/// Whether a neuron that fires at one position, and nowhere else, has more than so many nats over all positions, by
/// which the paper's plain rule goes: of its 0.05 nats, in contexts of up to 114 tokens. One token has no position 1.
inline bool first_position_suffices(std::uint64_t context, double above = census_rules{}.positional_above) {
  if (context < 2) return false;
  double const f = 1 / static_cast<double>(context);
  return -f * std::log(f) - (1 - f) * std::log(1 - f) > above;
}

/// Tells of a plan what people want to know before it runs: how much text there is, what it will hold, and where the
/// text is too short to say anything about position, or to confirm what is found.
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
  auto const& folder = plan.options.folder;
  std::string const file =
      " in a file in " + (folder.empty() ? "the folder for temporary files" : printable(folder.string()));
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
  detail::warn_of_copies(plan, out);
  if (plan.halves) detail::warn_of_halves(*plan.halves, plan.full_sequences, out);
  if (plan.full_sequences > 0 && first_position_suffices(size.positions, plan.options.rules.positional_above))
    out << "warning: with a context of " << size.positions
        << " tokens, firing at position 1 alone makes a neuron positional\n";
}

}  // namespace census
