// SPDX-License-Identifier: MIT
// The keys that the benchmarks on a device count by.
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>

#include "checks.hpp"
#include "measures.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// By a number for each row of a text, counted from the start of its sequence.
template <class Number>
census::key_rows keys_of(census::text_rows const& text, Number&& number) {
  std::vector<std::uint32_t> keys(text.tokens.size());
  for (auto const& sequence : text.sequences)
    for (std::uint32_t position = 0; position < sequence.length; ++position)
      keys[sequence.first_row + position] = number(sequence.first_row + position, position);
  return census::key_rows(keys);
}
inline census::key_rows keys_by_position(census::text_rows const& text) {
  return keys_of(text, [](std::uint32_t, std::uint32_t position) { return position; });
}
inline census::key_rows keys_by_token(census::text_rows const& text) {
  return keys_of(text, [&](std::uint32_t row, std::uint32_t) { return text.tokens[row]; });
}

/// Seconds that a block takes in five tables as the whole paper's census has them: by nothing, domain, token, position
/// and a decoy of position.
inline double seconds_of_tables(census::cuda::firings const& firings, census::text_rows const& text) {
  std::vector<census::key_rows> keys{keys_of(text, [](auto, auto) { return 0u; }),
                                     keys_of(text, [](std::uint32_t row, auto) { return row % 2; }),
                                     keys_by_token(text), keys_by_position(text),
                                     keys_of(text, [](auto, std::uint32_t position) { return position ^ 1u; })};
  std::vector<census::firing_counts> tables(keys.size(), census::firing_counts(firings.neurons()));
  times_counted times;
  double const seconds = seconds_of(firings.on()->stream(), 5, [&] {
    for (std::size_t t = 0; t < keys.size(); ++t) tabulate(firings, keys[t], tables[t]);
    ++times.block;
  });
  for (std::size_t t = 0; t < keys.size(); ++t)
    check_table(tables[t], firings.on_host(), keys[t], times, "one of five tables");
  return seconds;
}
