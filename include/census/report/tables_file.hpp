// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/safetensors_writer.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/tabulation/firing_table.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Appends the counts [row, neuron] of a table to a tensor of U32.
inline void append_counts(safetensors_writer& writer, std::string const& tensor, firing_counts const& table) {
  std::vector<std::uint32_t> counts(table.neurons());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    table.counts(row).visit([&](auto cells) { std::ranges::copy(cells, counts.begin()); });
    writer.append(tensor, std::span<std::uint32_t const>(counts));
  }
}

}  // namespace detail

/// The shape of a census: what census.safetensors declares before the first layer is known.
struct census_shape {
  std::uint32_t first_layer = 0;
  std::size_t layers = 0, neurons = 0;
  std::vector<std::string> domains;
  std::size_t positions = 0;  ///< of a full sequence; 0 where the corpus has none
};

/// census.safetensors: `firings` [layer, neuron] I64, `firings_by_domain` [layer, domain, neuron] I64,
/// `firings_by_position` [layer, position, neuron] U32, and what they were counted over: `tokens` [layer],
/// `tokens_by_domain` [layer, domain], `full_sequences` [layer], I64. The metadata name the domains and the first
/// layer. Written layer by layer; memory holds none of it.
class tables_file {
 public:
  tables_file(std::filesystem::path const& path, census_shape shape)
      : shape_(std::move(shape)), writer_(path, declarations(shape_), metadata(shape_)) {}

  /// Appends the next layer.
  void append(layer_census const& layer, firing_table<std::uint16_t> const& by_domain,
              firing_table<std::uint32_t> const& by_position) {
    write<std::int64_t>("firings", {layer.firings.begin(), layer.firings.end()});
    std::vector<std::int64_t> domain_tokens(shape_.domains.size(), 0),
        domain_firings(shape_.domains.size() * shape_.neurons, 0);
    for (std::size_t row = 0; row < by_domain.rows(); ++row) {
      std::size_t const domain = by_domain.keys[row];
      domain_tokens.at(domain) = static_cast<std::int64_t>(by_domain.occurrences(row));
      std::ranges::copy(by_domain.counts(row),
                        domain_firings.begin() + static_cast<std::ptrdiff_t>(domain * shape_.neurons));
    }
    write<std::int64_t>("firings_by_domain", domain_firings);
    detail::append_counts(writer_, "firings_by_position", by_position);
    write<std::int64_t>("tokens", {static_cast<std::int64_t>(layer.tokens)});
    write<std::int64_t>("tokens_by_domain", domain_tokens);
    write<std::int64_t>("full_sequences", {static_cast<std::int64_t>(layer.full_sequences)});
  }

  void finish() { writer_.finish(); }
  void commit() { writer_.commit(); }

 private:
  static std::vector<safetensors_writer::declaration> declarations(census_shape const& shape) {
    return {{"firings", "I64", {shape.layers, shape.neurons}},
            {"firings_by_domain", "I64", {shape.layers, shape.domains.size(), shape.neurons}},
            {"firings_by_position", "U32", {shape.layers, shape.positions, shape.neurons}},
            {"tokens", "I64", {shape.layers}},
            {"tokens_by_domain", "I64", {shape.layers, shape.domains.size()}},
            {"full_sequences", "I64", {shape.layers}}};
  }
  static std::map<std::string, std::string> metadata(census_shape const& shape) {
    auto const domains = nlohmann::json(shape.domains).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return {{"first_layer", std::to_string(shape.first_layer)}, {"domains", domains}};
  }
  template <class T>
  void write(std::string const& name, std::vector<T> const& values) {
    writer_.append(name, std::span<T const>(values));
  }

  census_shape shape_;
  safetensors_writer writer_;
};

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
