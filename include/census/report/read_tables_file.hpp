// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/parse_number.hpp>
#include <census/report/detail/find_listed_file.hpp>
#include <census/report/detail/stored_keys.hpp>
#include <census/report/read_table.hpp>
#include <census/report/tables_file.hpp>
#include <census/report/token_table.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/take_layer_result.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/token_id.hpp>
#include <census/weights/checkpoint.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace census {

/// The census.safetensors of a census, mapped: its shape, and the tables of one layer at a time, with those by token
/// that lie beside it (tokens-LAYER.safetensors). Not trusted. Every failure is bad_input naming the file.
class stored_tables {
 public:
  /// `listed` are the census's files as its run.json lists them (run_record::results): of tables by token, those are
  /// read; of a census that lists no file, all that are there. Throws where it is no such file.
  explicit stored_tables(std::filesystem::path const& path, std::vector<std::string> listed = {})
      : stored_tables(path.string(), open_safetensors(path), std::move(listed)) {}

  census_shape const& shape() const { return shape_; }
  std::string const& place() const { return place_; }

  /// The tables of a layer, i < shape().layers from the first on. Throws where what is stored cannot be counts: more
  /// firings than tokens, say, and where a table by token is gone that is listed.
  layer_tables at(std::size_t i) const {
    auto const layer = static_cast<std::uint32_t>(shape_.first_layer + i);
    std::size_t const domains = shape_.domains.size();
    std::uint64_t const full = count("full_sequences", i);
    layer_tables tables;
    name_layer(layer, [&] {
      tables = {layer, everything(i),
                table("firings_by_domain", i, from_zero<std::uint16_t>(domains),
                      [&](std::size_t domain) { return count("tokens_by_domain", i * domains + domain); }),
                table("firings_by_position", i, from_zero<std::uint32_t>(shape_.positions),
                      [&](std::size_t) { return full; })};
    });
    read_tokens(tables);
    return tables;
  }

  /// Whether all counts are those of the other, byte by byte, whatever the names of its domains: as of one text.
  bool has_counts_of(stored_tables const& other) const {
    return std::ranges::all_of(counted, [&](char const* name) {
      tensor const &mine = file_.at(name), &theirs = other.file_.at(name);
      return mine.shape == theirs.shape && std::ranges::equal(mine.bytes, theirs.bytes);
    });
  }

  /// How often each neuron of a layer fired [neuron], i < shape().layers from the first on. Throws as at() does.
  std::vector<std::uint64_t> firings(std::size_t i) const {
    std::vector<std::uint64_t> counts;
    name_layer(static_cast<std::uint32_t>(shape_.first_layer + i), [&] { counts = census::firings(everything(i)); });
    return counts;
  }

 private:
  static constexpr std::array<char const*, 6> counted{"firings", "firings_by_domain", "firings_by_position",
                                                      "tokens",  "tokens_by_domain",  "full_sequences"};

  stored_tables(std::string place, checkpoint file, std::vector<std::string> listed)
      : place_(std::move(place)), file_(std::move(file)), listed_(std::move(listed)) {
    read_metadata();
    auto const& firings = detail::tensor_of(file_, "firings", 2);
    shape_.layers = firings.shape[0], shape_.neurons = firings.shape[1];
    shape_.positions = detail::tensor_of(file_, "firings_by_position", 3).shape[1];
    std::size_t const layers = shape_.layers, neurons = shape_.neurons, domains = shape_.domains.size();
    check("firings_by_domain", {layers, domains, neurons});
    check("firings_by_position", {layers, shape_.positions, neurons});
    check("tokens", {layers});
    check("tokens_by_domain", {layers, domains});
    check("full_sequences", {layers});
    for (std::size_t i = 1; i < layers; ++i)
      if (count("tokens", i) != count("tokens", 0))
        throw bad_input(place_, "layer " + std::to_string(shape_.first_layer + i) + " is of " +
                                    std::to_string(count("tokens", i)) + " tokens, and those before it of " +
                                    std::to_string(count("tokens", 0)));
  }

  void read_metadata() {
    auto const text = [&](char const* name) -> std::string const& {
      auto const found = file_.metadata().find(name);
      if (found == file_.metadata().end()) throw bad_input(place_, std::string("its metadata do not tell ") + name);
      return found->second;
    };
    auto const& first = text("first_layer");
    auto const first_layer = parse_number<std::uint32_t>(first);
    if (!first_layer) throw bad_input(place_, "first_layer is " + escaped_name(first) + ", no number of a layer");
    shape_.first_layer = *first_layer;
    auto const domains = parse_json(text("domains"), place_);
    if (!domains.is_array()) throw bad_input(place_, "its domains are no list");
    for (auto const& domain : domains) {
      if (!domain.is_string()) throw bad_input(place_, "the name of a domain is no text");
      shape_.domains.push_back(domain.get<std::string>());
    }
  }

  void check(char const* name, std::vector<std::size_t> const& shape) const {
    if (detail::tensor_of(file_, name, shape.size()).shape != shape)
      throw bad_input(place_, std::string("tensor ") + name + " is not of the shape that the others have");
  }

  /// The table by token, where it was kept.
  void read_tokens(layer_tables& tables) const {
    auto const path =
        detail::find_listed_file(listed_, std::filesystem::path(place_).parent_path(), token_table_name(tables.layer));
    if (!path) return;
    tables.by_token = read_table<token_id>(*path);
    if (tables.by_token->neurons() != shape_.neurons && tables.by_token->rows() > 0)
      throw bad_input(path->string(), "is of " + std::to_string(tables.by_token->neurons()) + " neurons, not of the " +
                                          std::to_string(shape_.neurons) + " of the census");
    tables.token_strings = read_token_strings(*path);
    if (tables.token_strings.size() != tables.by_token->rows())
      throw bad_input(path->string(), "has not one text for each token");
    check_tokens(path->string(), *tables.by_token, tables.everything);
  }

  /// Throws where a table by token is not of the layer. What it leaves out is BOS and tokens that are not known: as
  /// many as it has fewer than the layer, and a neuron may fire at all of them or at none.
  static void check_tokens(std::string const& path, firing_table<token_id> const& by_token,
                           firing_table<std::monostate> const& everything) {
    if (by_token.rows() == 0) return;
    auto const here = census::firings(by_token), all = census::firings(everything);
    std::uint64_t const known = tokens(by_token), in_all = tokens(everything);
    for (std::size_t n = 0; n < here.size(); ++n)
      if (known > in_all || here[n] > all[n] || all[n] - here[n] > in_all - known)
        throw bad_input(path, "is of another layer, or of another census, than census.safetensors beside it: neuron " +
                                  std::to_string(n) + " fires at " + std::to_string(here[n]) + " of " +
                                  std::to_string(known) + " tokens here, and at " + std::to_string(all[n]) + " of " +
                                  std::to_string(in_all) + " there");
  }

  /// Calls read(); what it throws of counts that cannot be is told of the layer.
  template <class Read>
  void name_layer(std::uint32_t layer, Read const& read) const {
    try {
      read();
    } catch (std::logic_error const& error) {
      throw bad_input(place_, "layer " + std::to_string(layer) + ": " + error.what());
    } catch (std::overflow_error const& error) {
      throw bad_input(place_, "layer " + std::to_string(layer) + ": " + error.what());
    }
  }

  firing_table<std::monostate> everything(std::size_t i) const {
    return table("firings", i, std::vector<std::monostate>(1), [&](std::size_t) { return count("tokens", i); });
  }

  std::uint64_t count(char const* name, std::size_t at) const {
    return detail::integers_of<std::uint64_t>(file_.at(name), at, 1).front();
  }

  template <class Key>
  static std::vector<Key> from_zero(std::size_t count) {
    std::vector<Key> keys(count);
    std::iota(keys.begin(), keys.end(), Key{0});
    return keys;
  }

  /// Layer i of a tensor [layer, key, neuron].
  template <class Key, class Occurred>
  firing_table<Key> table(char const* name, std::size_t i, std::vector<Key> const& keys,
                          Occurred const& occurred) const {
    std::vector<std::int64_t> row_at_hand;
    return firing_table<Key>::from_rows(keys, shape_.neurons, occurred,
                                        [&](std::size_t row) -> std::span<std::int64_t const> {
                                          row_at_hand = detail::integers_of<std::int64_t>(
                                              file_.at(name), (i * keys.size() + row) * shape_.neurons, shape_.neurons);
                                          return row_at_hand;
                                        });
  }

  std::string place_;
  checkpoint file_;
  std::vector<std::string> listed_;
  census_shape shape_;
};

}  // namespace census
