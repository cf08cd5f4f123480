// SPDX-License-Identifier: MIT
#pragma once

#include <census/statistic/for_each_neuron.hpp>
#include <census/statistic/positional_type.hpp>
#include <census/statistic/positional_verdict.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/regroup.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <vector>

namespace census {

/// The key under which everything about position can be counted at once: half of the documents, domain, position.
using position_part = std::tuple<std::uint8_t, std::uint16_t, std::uint32_t>;

/// How often each key of a table occurred [key].
inline std::vector<std::uint64_t> occurrences_of(firing_counts const& table) {
  std::vector<std::uint64_t> occurrences(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) occurrences[row] = table.occurrences(row);
  return occurrences;
}

/// The types [neuron] from a table by position; position 0 is left out. Only of the neurons that are `asked` for, the
/// others have none.
inline std::vector<std::optional<typed_neuron>> positional_types(firing_table<std::uint32_t> const& by_position,
                                                                 std::vector<bool> const& asked,
                                                                 positional_type_rule const& rule = {}) {
  auto const table = without_position_0(by_position);
  auto const occurrences = occurrences_of(table);
  std::vector<std::optional<typed_neuron>> types(table.neurons());
  for_each_neuron(table, [&](std::uint32_t neuron, std::span<std::uint32_t const> counts) {
    if (asked[neuron]) types[neuron] = positional_type_of(counts, occurrences, rule);
  });
  return types;
}

/// The table by position out of one by half, domain and position.
inline firing_table<std::uint32_t> by_position(firing_table<position_part> const& parts) {
  return regroup(parts, [](position_part const& key) { return std::get<2>(key); });
}

/// The fewest full-length sequences of a part of the text whose types are compared with those of the whole; with half
/// as many, types that only just touch an extreme are told wrong now and then (docs/chance.md, "Types recovered").
inline constexpr std::uint64_t fewest_to_tell_types = 50;

/// Whether each neuron [neuron] has the same type in both halves of the documents (document_halves) and in each domain
/// of at least `fewest` full-length sequences as in the whole. Empty where a half has fewer: it tells no types apart,
/// so nothing is known.
inline std::vector<bool> confident(firing_table<position_part> const& parts,
                                   std::vector<std::optional<typed_neuron>> const& types,
                                   std::uint64_t fewest = fewest_to_tell_types, positional_type_rule const& rule = {}) {
  std::vector<bool> same(types.size());
  for (std::size_t n = 0; n < types.size(); ++n) same[n] = types[n].has_value();
  auto const confirm = [&](auto belongs, std::uint64_t needed) {
    auto const part = regroup(parts, [&](position_part const& key) -> std::optional<std::uint32_t> {
      if (!belongs(key)) return std::nullopt;
      return std::get<2>(key);
    });
    std::uint64_t const sequences = part.rows() == 0 ? 0 : part.occurrences(0);
    if (sequences < needed) return false;
    auto const again = positional_types(part, same, rule);
    for (std::size_t n = 0; n < types.size(); ++n) same[n] = same[n] && again[n]->type == types[n]->type;
    return true;
  };
  for (std::uint8_t half = 0; half < 2; ++half)
    if (!confirm([half](position_part const& key) { return std::get<0>(key) == half; }, fewest)) return {};
  std::set<std::uint16_t> domains;
  for (position_part const& key : parts.keys) domains.insert(std::get<1>(key));
  for (std::uint16_t const domain : domains)
    confirm([domain](position_part const& key) { return std::get<1>(key) == domain; }, fewest);
  return same;
}

}  // namespace census
