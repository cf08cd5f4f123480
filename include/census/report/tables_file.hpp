// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/safetensors_writer.hpp>
#include <census/json.hpp>
#include <census/report/detail/append_counts.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/tabulation/firing_table.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The shape of a census: what census.safetensors declares before the first layer is known.
struct census_shape {
  std::uint32_t first_layer = 0;
  std::size_t layers = 0, neurons = 0;
  std::vector<std::string> domains;
  std::size_t positions = 0;  ///< of a full sequence; 0 where the corpus has none
  bool token_tables = false;  ///< whether each layer's table by token is kept, in a file of its own
  bool states = false;        ///< whether the layers' states and the text are, in files of their own
  bool examples = false;      ///< whether examples of firings are told, in examples.jsonl
  bool projections = false;   ///< whether what neurons promote and suppress is, in a file a layer
};

/// census.safetensors: `firings` [layer, neuron] I64, `firings_by_domain` [layer, domain, neuron] I64,
/// `firings_by_position` [layer, position, neuron] U32, and what they were counted over: `tokens` [layer],
/// `tokens_by_domain` [layer, domain], `full_sequences` [layer], I64. The metadata name the domains and the first
/// layer. Written layer by layer; memory holds none of it.
class tables_file {
 public:
  tables_file(std::filesystem::path const& path, census_shape shape)
      : shape_(std::move(shape)), writer_(path, declarations(shape_), metadata(shape_)) {}

  /// Appends the next layer. Throws std::out_of_range for a domain that the census has not, std::invalid_argument where
  /// the layer is not of the census's shape, or not the next one. Nothing is appended then.
  void append(layer_result const& layer) {
    check(layer);
    auto const& [census, by_domain, by_position, by_token, token_strings, examples, projections] = layer;
    std::vector<std::int64_t> domain_tokens(shape_.domains.size(), 0),
        domain_firings(shape_.domains.size() * shape_.neurons, 0);
    for (std::size_t row = 0; row < by_domain.rows(); ++row) {
      std::size_t const domain = by_domain.keys[row];
      domain_tokens[domain] = static_cast<std::int64_t>(by_domain.occurrences(row));
      std::ranges::copy(by_domain.counts(row),
                        domain_firings.begin() + static_cast<std::ptrdiff_t>(domain * shape_.neurons));
    }
    write<std::int64_t>("firings", {census.liveness.firings.begin(), census.liveness.firings.end()});
    write<std::int64_t>("firings_by_domain", domain_firings);
    detail::append_counts(writer_, "firings_by_position", by_position);
    write<std::int64_t>("tokens", {static_cast<std::int64_t>(census.liveness.tokens)});
    write<std::int64_t>("tokens_by_domain", domain_tokens);
    write<std::int64_t>("full_sequences", {static_cast<std::int64_t>(census.position.full_sequences)});
    tokens_ = census.liveness.tokens;
    ++appended_;
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
    auto const domains = json_text(nlohmann::json(shape.domains));
    return {{"first_layer", std::to_string(shape.first_layer)}, {"domains", domains}};
  }
  void check(layer_result const& layer) const {
    auto const refuse = [&](std::string const& cause) {
      throw std::invalid_argument("census::tables_file: layer " + std::to_string(layer.census.layer) + " " + cause);
    };
    std::size_t const next = shape_.first_layer + appended_;
    if (appended_ == shape_.layers) refuse("is one more than the census has");
    if (layer.census.layer != next) refuse("comes where layer " + std::to_string(next) + " is to come");
    if (layer.census.neurons() != shape_.neurons || !layer.census.is_of_one_layer())
      refuse("has not one figure for each of the census's " + std::to_string(shape_.neurons) + " neurons");
    if (appended_ > 0 && layer.census.liveness.tokens != tokens_)
      refuse("is of " + std::to_string(layer.census.liveness.tokens) + " tokens, and those before it of " +
             std::to_string(tokens_));
    auto const fits = [&](auto const& table) { return table.rows() == 0 || table.neurons() == shape_.neurons; };
    if (!fits(layer.by_domain) || !fits(layer.by_position) || (layer.by_token && !fits(*layer.by_token)))
      refuse("has a table that is not of the census's " + std::to_string(shape_.neurons) + " neurons");
    for (std::size_t const domain : layer.by_domain.keys)
      if (domain >= shape_.domains.size())
        throw std::out_of_range("census::tables_file: layer " + std::to_string(layer.census.layer) +
                                " has tokens of domain " + std::to_string(domain) + ", and the census has " +
                                std::to_string(shape_.domains.size()) + " domains, from 0");
    std::vector<std::uint32_t> positions(shape_.positions);
    std::iota(positions.begin(), positions.end(), std::uint32_t{0});
    if (layer.by_position.keys != positions)
      refuse("has not one row for each of the census's " + std::to_string(shape_.positions) + " positions");
  }

  template <class T>
  void write(std::string const& name, std::vector<T> const& values) {
    writer_.append(name, std::span<T const>(values));
  }

  census_shape shape_;
  std::size_t appended_ = 0;  // layers
  std::uint64_t tokens_ = 0;  // of each
  safetensors_writer writer_;
};

}  // namespace census
