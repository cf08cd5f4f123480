// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/report/detail/append_counts.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace census {

/// A table as a safetensors file, written and not yet in its place (commit() puts it there): `keys`, `occurrences`
/// [row] I64 and `counts` [row, neuron] U32. Keys are integers or bool [row], arrays or tuples of them [row, N], or
/// texts: their bytes one after the other, with `key_ends` [row] I64; a table by nothing (liveness) has a row and no
/// `keys`. A table by token holds its keys by their former name, `tokens`, too, and where they are given, the bytes of
/// each token: `strings` U8 with `string_ends` [row] I64.
///
/// Throws std::invalid_argument where there is not one string for each key, bad_input where the file cannot be written.
template <class Key>
std::unique_ptr<safetensors_writer> stage_table(std::filesystem::path const& path, firing_table<Key> const& table,
                                                std::span<std::string const> strings = {}) {
  if (!strings.empty() && strings.size() != table.rows())
    throw std::invalid_argument("census::stage_table: " + std::to_string(strings.size()) + " strings for " +
                                std::to_string(table.rows()) + " keys");
  detail::stored_texts const texts{"strings", "string_ends"};
  std::vector<safetensors_writer::declaration> tensors;
  detail::stored_keys<Key>::declare(tensors, table.keys);
  tensors.push_back({"occurrences", "I64", {table.rows()}});
  tensors.push_back({"counts", "U32", {table.rows(), table.neurons()}});
  if constexpr (std::same_as<Key, token_id>) tensors.push_back({"tokens", "U32", {table.rows()}});
  if (!strings.empty()) texts.declare(tensors, strings);

  auto writer = std::make_unique<safetensors_writer>(path, tensors);
  detail::stored_keys<Key>::append(*writer, table.keys);
  if constexpr (std::same_as<Key, token_id>) writer->append("tokens", std::span<token_id const>(table.keys));
  std::vector<std::int64_t> occurrences;
  for (std::size_t row = 0; row < table.rows(); ++row)
    occurrences.push_back(static_cast<std::int64_t>(table.occurrences(row)));
  writer->append("occurrences", std::span<std::int64_t const>(occurrences));
  detail::append_counts(*writer, "counts", table);
  if (!strings.empty()) texts.append(*writer, strings);
  writer->finish();
  return writer;
}

/// Writes a table as a safetensors file, whole or not at all: what stage_table describes. read_table reads it back.
template <class Key>
void write_table(std::filesystem::path const& path, firing_table<Key> const& table,
                 std::span<std::string const> strings = {}) {
  stage_table(path, table, strings)->commit();
}

}  // namespace census
