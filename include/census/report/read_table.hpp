// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/weights/checkpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// Reads a table that write_table or `census take --keep-tables` wrote, or a program of one's own: a safetensors file
/// with `keys`, `occurrences` [row] and `counts` [row, neuron] of any integer types, rows in any order. Throws
/// bad_input, naming the file, where it is none, or what it holds cannot be counts: a key twice, more firings than
/// occurrences.
///
///     auto const table = census::read_table<census::token_id>("out/tokens-3.safetensors");
template <class Key>
firing_table<Key> read_table(std::filesystem::path const& path) {
  checkpoint const file = open_safetensors(path);
  auto const keys = detail::stored_keys<Key>::read(file);
  tensor const& occurrences = detail::tensor_of(file, "occurrences", 1);
  tensor const& counts = detail::tensor_of(file, "counts", 2);
  if (occurrences.shape[0] != keys.size() || counts.shape[0] != keys.size())
    throw bad_input(path.string(), std::to_string(keys.size()) + " keys, " + std::to_string(occurrences.shape[0]) +
                                       " occurrences and " + std::to_string(counts.shape[0]) + " rows of counts");
  std::size_t const neurons = counts.shape[1];
  std::vector<std::int64_t> row_at_hand;
  try {
    return firing_table<Key>::from_rows(
        keys, neurons, [&](std::size_t row) { return detail::integers_of<std::int64_t>(occurrences, row, 1).front(); },
        [&](std::size_t row) -> std::span<std::int64_t const> {
          row_at_hand = detail::integers_of<std::int64_t>(counts, row * neurons, neurons);
          return row_at_hand;
        });
  } catch (std::logic_error const& error) {
    throw bad_input(path.string(), error.what());
  } catch (std::overflow_error const& error) {
    throw bad_input(path.string(), error.what());
  }
}

/// The bytes of each token of a table by token [row], where the file holds them. Throws bad_input where it does not.
inline std::vector<std::string> read_token_strings(std::filesystem::path const& path) {
  return detail::stored_texts{"strings", "string_ends"}.read(open_safetensors(path));
}

}  // namespace census
