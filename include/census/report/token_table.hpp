// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/append_counts.hpp>
#include <census/report/safetensors_writer.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace census {

/// One layer's table by token as a file of its own, not yet in its place: `tokens` [row] U32, `occurrences` [row] I64,
/// `counts` [row, neuron] U32.
inline std::unique_ptr<safetensors_writer> write_token_table(std::filesystem::path const& path,
                                                             firing_table<token_id> const& table) {
  std::vector<std::int64_t> occurrences;
  for (std::size_t row = 0; row < table.rows(); ++row)
    occurrences.push_back(static_cast<std::int64_t>(table.occurrences(row)));
  std::vector<safetensors_writer::declaration> const tensors{{"tokens", "U32", {table.rows()}},
                                                             {"occurrences", "I64", {table.rows()}},
                                                             {"counts", "U32", {table.rows(), table.neurons()}}};
  auto writer = std::make_unique<safetensors_writer>(path, tensors);
  writer->append("tokens", std::span<token_id const>(table.keys));
  writer->append("occurrences", std::span<std::int64_t const>(occurrences));
  detail::append_counts(*writer, "counts", table);
  writer->finish();
  return writer;
}

}  // namespace census
