// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/detail/json_lines.hpp>
#include <census/statistic/layer_examples.hpp>
#include <census/token_id.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// A line of examples.jsonl, read back.
struct examples_record {
  std::uint32_t layer = 0;
  neuron_examples examples;
  std::map<token_id, std::string> token_texts;  ///< of the tokens in windows, as they stand in the file: UTF-8
};

/// Reads examples.jsonl line by line, for it may be large. The file is not trusted; throws bad_input naming file and
/// line.
///
///     census::examples_reader lines(folder / "examples.jsonl");
///     while (auto const neuron = lines.next()) ...
class examples_reader {
 public:
  explicit examples_reader(std::filesystem::path path) : lines_(std::move(path)) {}

  /// File and line of what was read last, for messages.
  std::string place() const { return lines_.place(); }

  /// The next neuron; none at the end.
  std::optional<examples_record> next() {
    auto const line = lines_.next();
    if (!line) return std::nullopt;
    try {
      return record_of(*line);
    } catch (nlohmann::json::exception const&) {
      refuse();
    }
  }

 private:
  using json = nlohmann::json;

  [[noreturn]] void refuse() const { throw bad_input(place(), "is no line of examples as a census writes it"); }

  template <class Number>
  Number whole(json const& from) const {
    if (!from.is_number_unsigned() || from.get<std::uint64_t>() > std::numeric_limits<Number>::max()) refuse();
    return from.get<Number>();
  }

  /// null stands for what is infinite.
  float real(json const& from) const {
    using limits = std::numeric_limits<float>;
    if (from.is_null()) return limits::infinity();
    if (!from.is_number() || std::abs(from.get<double>()) > limits::max()) refuse();
    return static_cast<float>(from.get<double>());
  }

  examples_record record_of(json const& line) const {
    examples_record record;
    record.layer = whole<std::uint32_t>(line.at("layer"));
    record.examples.neuron = whole<std::uint32_t>(line.at("neuron"));
    record.examples.largest = examples_of(line.at("examples"), record.token_texts);
    if (auto const bins = line.find("bins"); bins != line.end())
      for (json const& bin : list(*bins))
        record.examples.bins.push_back({real(bin.at("from")), real(bin.at("to")), bin.at("share").get<double>(),
                                        examples_of(bin.at("examples"), record.token_texts)});
    return record;
  }

  json const& list(json const& from) const {
    if (!from.is_array()) refuse();
    return from;
  }

  std::vector<activation_example> examples_of(json const& all, std::map<token_id, std::string>& texts) const {
    std::vector<activation_example> examples;
    for (json const& from : list(all)) examples.push_back(example_of(from, texts));
    return examples;
  }

  activation_example example_of(json const& from, std::map<token_id, std::string>& texts) const {
    activation_example one{real(from.at("value")),
                           {whole<std::uint64_t>(from.at("document")), whole<std::uint32_t>(from.at("piece")),
                            whole<std::uint32_t>(from.at("position"))},
                           whole<std::uint32_t>(from.at("first")),
                           {},
                           {}};
    for (json const& id : list(from.at("ids"))) one.ids.push_back(id.is_null() ? no_token : whole<token_id>(id));
    for (json const& value : list(from.at("values"))) one.values.push_back(real(value));
    json const& tokens = list(from.at("tokens"));
    if (tokens.size() != one.ids.size() || one.values.size() != one.ids.size() || one.place.position < one.first ||
        one.at() >= one.ids.size())
      refuse();
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (auto const text = tokens[i].get<std::string>(); one.ids[i] != no_token) texts.try_emplace(one.ids[i], text);
    return one;
  }

  detail::json_lines lines_;
};

namespace detail {

/// What is wrong with an examples.jsonl that has no line of a neuron that fired.
inline bad_input without_examples(std::filesystem::path const& path, std::uint64_t layer, std::uint64_t neuron) {
  return {path.string(), "has no line of layer " + std::to_string(layer) + ", neuron " + std::to_string(neuron) +
                             ", which fired: it is cut short, or of another census"};
}

}  // namespace detail

}  // namespace census
