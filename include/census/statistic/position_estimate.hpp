// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/detail/segment_search.hpp>
#include <census/statistic/jackknife.hpp>
#include <census/tabulation/count_groups.hpp>
#include <census/tabulation/deal_documents.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/kept_layer.hpp>
#include <census/tabulation/list_documents.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// How the uncertainty of an estimate is told from groups of documents.
struct estimate_rule {
  std::uint32_t groups = 30;  ///< documents are dealt into so many: docs/decisions/0007 says why
  double fewest_groups = 8;   ///< with fewer effective ones, nothing is estimated
};

/// What a neuron's information may be, in nats.
struct information_interval {
  double lower = 0, upper = 0;
};

/// The mutual information between firing and position, estimated with its uncertainty: a jackknife over groups of
/// documents, in nats, over the positions from 1 of the full sequences that do not begin a document.
struct position_estimate {
  double groups = 0;                               ///< effective ones
  double t_95 = 0;                                 ///< Student's t for 95 % and so many groups
  std::vector<jackknife_estimate> of_neuron = {};  ///< [neuron]; NaN for those that never or always fire there; empty
                                                   ///< where groups are too few

  /// The 95 % interval of a neuron; it ends at 0, below which there is no information. NaN where there is no estimate.
  information_interval interval_95(std::size_t neuron) const {
    auto const [value, error] = of_neuron[neuron];
    auto const end = [&, value = value, error = error](double t) {
      return std::isnan(value) ? value : std::max(0.0, value + t * error);
    };
    return {end(-t_95), end(t_95)};
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive("groups", groups)("t_95", t_95)("of_neuron", of_neuron);
  }
};

namespace detail {

inline bool inside_document(sequence const& one) { return one.full && one.piece > 0; }

/// The documents that have full sequences inside.
inline std::vector<text_document> documents_inside(kept_layer const& layer) {
  auto documents = list_documents(layer.texts());
  std::erase_if(documents, [](text_document const& one) { return one.full_inside == 0; });
  return documents;
}

/// n ln n for n = 0 .. most: an entropy is a sum of these.
inline std::vector<double> table_of_n_log_n(std::uint64_t most) {
  std::vector<double> values;
  for (std::uint64_t n = 0; n <= most; ++n) values.push_back(n_log_n(n));
  return values;
}

/// The information of some neurons from how often each fired at each position, in `sequences` sequences.
class information_sums {
 public:
  information_sums(std::size_t neurons, std::span<double const> n_log_n, std::uint64_t sequences)
      : n_log_n_(n_log_n), sequences_(sequences), sums_(neurons, 0.0), fired_(neurons, 0) {}

  void add(std::size_t neuron, std::uint64_t firings) {
    sums_[neuron] += n_log_n_[firings] + n_log_n_[sequences_ - firings];
    fired_[neuron] += firings;
  }

  /// H(f) less the mean of H at each position, of a neuron that was added at so many positions.
  double information(std::size_t neuron, std::size_t positions) const {
    auto const s = static_cast<double>(sequences_), whole = s * static_cast<double>(positions);
    double const f = static_cast<double>(fired_[neuron]) / whole;
    if (f <= 0 || f >= 1) return 0;
    return -f * std::log(f) - (1 - f) * std::log(1 - f) - std::log(s) + sums_[neuron] / whole;
  }

  std::uint64_t fired(std::size_t neuron) const { return fired_[neuron]; }

 private:
  std::span<double const> n_log_n_;
  std::uint64_t sequences_;
  std::vector<double> sums_;
  std::vector<std::uint64_t> fired_;
};

/// The counts [position, neuron] of some neurons by a table without position 0, as those of a group lie: rows `stride`
/// long, one more in front for position 0, which is not read.
inline std::vector<std::uint32_t> counts_of_range(firing_table<std::uint32_t> const& table, neuron_range neurons,
                                                  std::size_t stride) {
  std::vector<std::uint32_t> counts((table.rows() + 1) * stride, 0);
  for (std::size_t row = 0; row < table.rows(); ++row)
    table.counts(row).visit([&](auto cells) {
      std::ranges::copy(cells.subspan(neurons.first, neurons.count),
                        counts.begin() + static_cast<std::ptrdiff_t>((row + 1) * stride));
    });
  return counts;
}

/// For a neuron that fired otherwise by the table than in the kept firings.
[[noreturn]] inline void refuse_counts(std::uint32_t table, std::uint64_t kept, std::size_t neuron) {
  throw std::invalid_argument("census::estimate_position: the table is not of these kept firings: neuron " +
                              std::to_string(neuron) + " has " + std::to_string(table) +
                              " firings at a position, where " + std::to_string(kept) + " are kept of it");
}

/// Estimates a stripe of neurons. `sizes` [group] are their sequences, `counts_of(group)` their counts.
template <class CountsOf>
void estimate_stripe(firing_table<std::uint32_t> const& table, neuron_range neurons, CountsOf& counts_of,
                     std::span<std::uint64_t const> sizes, std::span<double const> n_log_n,
                     std::vector<jackknife_estimate>& into) {
  std::size_t const positions = table.rows(), stride = (neurons.count + 63) / 64 * 64;
  std::uint64_t const all = n_log_n.size() - 1;
  auto const totals = counts_of_range(table, neurons, stride);
  auto const sums_without = [&](std::span<std::uint32_t const> left_out, std::uint64_t size) {
    information_sums sums(neurons.count, n_log_n, all - size);
    for (std::size_t at = stride; at < totals.size(); at += stride)
      for (std::size_t n = 0; n < neurons.count; ++n) sums.add(n, totals[at + n] - left_out[at + n]);
    return sums;
  };

  std::vector<std::uint32_t> kept(totals.size(), 0);  // of the groups so far
  information_sums const whole = sums_without(kept, 0);
  std::vector<double> without(neurons.count * sizes.size());  // [neuron, group]
  auto const check_each = [&](auto const& fits) {
    for (std::size_t at = stride; at < totals.size(); at += stride)
      for (std::size_t n = 0; n < neurons.count; ++n)
        if (!fits(at + n)) refuse_counts(totals[at + n], kept[at + n], neurons.first + n);
  };
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    std::span<std::uint32_t const> const of_group = counts_of(g);
    for (std::size_t at = stride; at < totals.size(); at += stride)
      for (std::size_t n = 0; n < neurons.count; ++n) kept[at + n] += of_group[at + n];
    check_each([&](std::size_t i) { return kept[i] <= totals[i] && totals[i] - of_group[i] <= all - sizes[g]; });
    information_sums const rest = sums_without(of_group, sizes[g]);
    for (std::size_t n = 0; n < neurons.count; ++n) without[n * sizes.size() + g] = rest.information(n, positions);
  }
  check_each([&](std::size_t i) { return kept[i] == totals[i]; });
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t n = 0; n < neurons.count; ++n) {
    bool const varies = whole.fired(n) > 0 && whole.fired(n) < all * positions;
    into[neurons.first + n] =
        varies ? jackknife(whole.information(n, positions),
                           std::span(std::as_const(without)).subspan(n * sizes.size(), sizes.size()), sizes)
               : jackknife_estimate{unknown, unknown};
  }
}

/// Whether a table by position counts sequences that all are of one length.
inline bool has_one_length(firing_table<std::uint32_t> const& table) {
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (table.occurrences(row) != table.occurrences(0)) return false;
  return table.rows() > 0;
}

/// Throws std::invalid_argument where a table by position cannot be of so many of a layer's sequences.
inline void check_same_sequences(firing_table<std::uint32_t> const& table, kept_layer const& layer,
                                 std::uint64_t sequences) {
  if (table.neurons() != layer.neurons() || table.occurrences(0) != sequences)
    throw std::invalid_argument("census::estimate_position: a table of " + std::to_string(table.occurrences(0)) +
                                " sequences and " + std::to_string(table.neurons()) + " neurons, but kept firings of " +
                                std::to_string(sequences) + " inside documents and " + std::to_string(layer.neurons()) +
                                " neurons");
}

}  // namespace detail

/// Memory that estimate_position needs beside layer and table, in bytes, from above.
inline std::uint64_t estimate_position_bytes(std::uint64_t positions, std::uint64_t sequences, std::uint64_t documents,
                                             std::uint64_t threads, estimate_rule const& rule = {}) {
  std::uint64_t const neurons = 64 * detail::stripe_words;
  std::uint64_t const stripe = neurons * (2 * sizeof(std::uint32_t) * positions + sizeof(double) * (rule.groups + 4));
  return count_groups_bytes(positions, sequences, threads) + threads * stripe + sizeof(double) * (sequences + 1) +
         list_documents_bytes(sequences) + 256 * documents;
}

/// Estimates each neuron's mutual information with position from the kept firings of a layer and its table by position,
/// `inside`, both over the full sequences that do not begin a document: one pass over the kept firings. The unit of
/// independence is the document: its sequences, and those of its copies, go to one group. Nothing is estimated where
/// there are no such sequences, or they are of several lengths. Throws std::invalid_argument where the two are not of
/// the same sequences or layer, what count_groups throws.
inline position_estimate estimate_position(kept_layer const& layer, firing_table<std::uint32_t> const& inside,
                                           estimate_rule const& rule = {}) {
  auto const table = leave_out(inside, [](std::uint32_t position) { return position == 0; });
  auto const documents = detail::documents_inside(layer);
  if (documents.empty() || !detail::has_one_length(table)) return {};
  auto const groups = std::min(rule.groups, static_cast<std::uint32_t>(count_distinct(documents)));
  auto const dealt = deal_documents(documents, groups, &text_document::full_inside);
  std::map<std::uint64_t, std::uint32_t> group_of;
  std::vector<std::uint64_t> sizes(groups, 0);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    group_of.emplace(documents[i].number, dealt[i]);
    sizes[dealt[i]] += documents[i].full_inside;
  }
  std::uint64_t const all = std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
  detail::check_same_sequences(table, layer, all);

  position_estimate estimate{.groups = effective_groups(sizes)};
  if (estimate.groups < rule.fewest_groups) return estimate;
  estimate.t_95 = student_t(estimate.groups);
  estimate.of_neuron.resize(layer.neurons());
  auto const logarithms = detail::table_of_n_log_n(all);
  auto const group = [&](sequence const& one) {
    return detail::inside_document(one) ? std::optional(group_of.at(one.document)) : std::nullopt;
  };
  count_groups(layer, groups, table.rows() + 1, group, [&](neuron_range neurons, auto& counts_of) {
    detail::estimate_stripe(table, neurons, counts_of, sizes, logarithms, estimate.of_neuron);
  });
  return estimate;
}

}  // namespace census
