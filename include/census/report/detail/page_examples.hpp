// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/column_name.hpp>
#include <census/report/csv_reader.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/page_tokens.hpp>
#include <census/report/examples_reader.hpp>
#include <census/report/read_census.hpp>
#include <census/statistic/layer_examples.hpp>
#include <census/token_id.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// How many of a neuron's top examples a page carries, and how many tokens of each.
struct page_examples_limit {
  std::size_t examples = 5;     ///< a neuron
  std::size_t of_each_bin = 1;  ///< where firings were drawn by lot
  std::size_t before = 16;      ///< tokens before the one that the example is of
  std::size_t behind = 6;       ///< and behind it
};

/// The examples of examples.jsonl as a page carries them; tokens by their numbers among `tokens`.
class page_examples {
 public:
  using json = nlohmann::ordered_json;

  /// A list of {"layer", "neuron", "of", "examples"}, `of` being how many the file has, and where firings were drawn by
  /// lot "bins" [[from, to, examples], ...]. An example is [value, document, piece, position, position of the first
  /// token, its tokens, their values], values rounded, and null where infinite. null where the census has no such
  /// file. Throws bad_input as examples_reader does, and naming the file where it is gone or a neuron that fired has no
  /// line.
  static json read(census_record const& census, page_tokens& tokens, page_examples_limit const& limit) {
    auto const path = census.find_file("examples.jsonl");
    if (!path) return nullptr;
    json all = json::array();
    std::set<std::pair<std::uint64_t, std::uint64_t>> told;  // layers and neurons
    examples_reader lines(*path);
    while (auto const neuron = lines.next()) {
      page_examples const of(neuron->token_texts, tokens, limit);
      auto const& [number, largest, bins] = neuron->examples;
      told.emplace(neuron->layer, number);
      json shown{{"layer", neuron->layer}, {"neuron", number}, {"of", largest.size()}};
      shown["examples"] = of.list(largest, limit.examples);
      for (example_bin const& bin : bins)
        shown["bins"].push_back({page_number(bin.from), page_number(bin.to), of.list(bin.examples, limit.of_each_bin)});
      all.push_back(std::move(shown));
    }
    csv_reader neurons(census.folder / "neurons.csv");
    auto const layer = neurons.need(column_name::layer), number = neurons.need(column_name::neuron),
               firings = neurons.find(column_name::firings_without_bos);
    while (neurons.next())
      if (std::pair const one(neurons.count(layer).value_or(0), neurons.count(number).value_or(0));
          neurons.count(firings).value_or(0) > 0 && !told.contains(one))
        throw without_examples(*path, one.first, one.second);
    return all;
  }

 private:
  page_examples(std::map<token_id, std::string> const& texts, page_tokens& tokens, page_examples_limit const& limit)
      : texts_(texts), tokens_(tokens), limit_(limit) {}

  json list(std::vector<activation_example> const& examples, std::size_t most) const {
    json shown = json::array();
    for (std::size_t i = 0; i < std::min(examples.size(), most); ++i) shown.push_back(example(examples[i]));
    return shown;
  }

  json example(activation_example const& one) const {
    std::size_t const at = one.at(), begin = at - std::min(at, limit_.before);
    json tokens = json::array(), values = json::array();
    for (std::size_t i = begin; i < std::min(one.ids.size(), at + limit_.behind + 1); ++i) {
      tokens.push_back(tokens_.number_of(one.ids[i] == no_token ? "?" : page_text(texts_, one.ids[i])));
      values.push_back(page_number(one.values[i], 2));
    }
    return {page_number(one.value), one.place.document, one.place.piece,  one.place.position,
            one.first + begin,      std::move(tokens),  std::move(values)};
  }

  std::map<token_id, std::string> const& texts_;
  page_tokens& tokens_;
  page_examples_limit const& limit_;
};

}  // namespace census::detail
