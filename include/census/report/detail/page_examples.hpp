// SPDX-License-Identifier: MIT
#pragma once

#include <census/report/detail/json_lines.hpp>
#include <census/report/detail/page_number.hpp>
#include <census/report/detail/page_tokens.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census::detail {

/// How many of a neuron's top examples a page carries, and how many tokens of each.
struct page_examples_limit {
  std::size_t examples = 5;  ///< a neuron
  std::size_t before = 16;   ///< tokens before the one at which it fires most
  std::size_t behind = 6;    ///< and behind it
};

/// The top examples of examples.jsonl as a page carries them; tokens by their numbers among `tokens`.
class page_examples {
 public:
  using json = nlohmann::ordered_json;

  /// A list of {"layer", "neuron", "of", "examples"}: of is how many the file has; an example [value, document, piece,
  /// position, position of the first token, its tokens, their values], values rounded. null where there is no such
  /// file. Throws bad_input as for_each_json_line does, and where an example's lists are not of one length.
  static json read(std::filesystem::path const& path, page_tokens& tokens, page_examples_limit const& limit) {
    std::error_code missing;
    if (!std::filesystem::exists(path, missing)) return nullptr;
    json all = json::array();
    for_each_json_line(path, [&](nlohmann::json const& line) {
      auto const& examples = line.at("examples");
      json shown = json::array();
      for (std::size_t i = 0; i < std::min(examples.size(), limit.examples); ++i)
        shown.push_back(example(examples[i], tokens, limit));
      all.push_back({{"layer", line.at("layer").get<std::uint32_t>()},
                     {"neuron", line.at("neuron").get<std::uint32_t>()},
                     {"of", examples.size()},
                     {"examples", std::move(shown)}});
    });
    return all;
  }

 private:
  static json example(nlohmann::json const& from, page_tokens& tokens, page_examples_limit const& limit) {
    auto const ids = from.at("ids").get<std::vector<std::uint64_t>>();
    auto const values = from.at("values").get<std::vector<double>>();
    auto texts = from.at("tokens").get<std::vector<std::string>>();
    if (texts.empty())  // a model without tokenizer
      for (auto const id : ids) texts.push_back("#" + std::to_string(id));
    auto const position = from.at("position").get<std::uint64_t>(), first = from.at("first").get<std::uint64_t>();
    std::size_t const top = position - first;
    if (values.size() != texts.size() || ids.size() != texts.size() || position < first || top >= texts.size())
      throw nlohmann::json::other_error::create(501, "the lists are not of one length", &from);

    std::size_t const begin = top - std::min(top, limit.before), end = std::min(texts.size(), top + limit.behind + 1);
    json shown_tokens = json::array(), shown_values = json::array();
    for (std::size_t i = begin; i < end; ++i) {
      shown_tokens.push_back(tokens.number_of(texts[i]));
      shown_values.push_back(page_number(values[i], 2));
    }
    return {page_number(from.at("value").get<double>()),
            from.at("document").get<std::uint64_t>(),
            from.at("piece").get<std::uint64_t>(),
            position,
            first + begin,
            std::move(shown_tokens),
            std::move(shown_values)};
  }
};

}  // namespace census::detail
