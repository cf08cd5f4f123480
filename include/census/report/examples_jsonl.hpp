// SPDX-License-Identifier: MIT
#pragma once

#include <census/json.hpp>
#include <census/report/number.hpp>
#include <census/statistic/layer_examples.hpp>
#include <census/token_id.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>

namespace census {

namespace detail {

/// Puts together lines of examples.jsonl. A token's text is brought into JSON's form once, not wherever it occurs.
class example_lines {
 public:
  explicit example_lines(std::map<token_id, std::string> const& token_texts) {
    for (auto const& [token, text] : token_texts) quoted_[token] = json_text(nlohmann::json(text));
  }

  /// The line of a neuron, good until the next one is asked for.
  std::string_view line(std::uint32_t layer, neuron_examples const& of) {
    line_.clear();
    field("{\"layer\":", layer), field(",\"neuron\":", of.neuron);
    line_ += ",\"examples\":";
    list(of.largest, [&](activation_example const& one) { add(one); });
    if (!of.bins.empty()) {
      line_ += ",\"bins\":";
      list(of.bins, [&](example_bin const& bin) {
        field("{\"from\":", bin.from), field(",\"to\":", bin.to), field(",\"share\":", bin.share);
        line_ += ",\"examples\":";
        list(bin.examples, [&](activation_example const& one) { add(one); });
        line_ += '}';
      });
    }
    line_ += "}\n";
    return line_;
  }

 private:
  template <class Number>
  void field(char const* before, Number value) {
    line_ += before;
    add(value);
  }

  template <class Elements, class Add>
  void list(Elements const& elements, Add const& add_one) {
    line_ += '[';
    for (auto const& one : elements) {
      if (line_.back() != '[') line_ += ',';
      add_one(one);
    }
    line_ += ']';
  }

  void add(activation_example const& one) {
    field("{\"value\":", one.value);
    field(",\"document\":", one.place.document), field(",\"piece\":", one.place.piece);
    field(",\"position\":", one.place.position), field(",\"first\":", one.first);
    line_ += ",\"ids\":";
    list(one.ids, [&](token_id token) { token == no_token ? void(line_ += "null") : append_number(line_, token); });
    line_ += ",\"tokens\":";
    list(one.ids, [&](token_id token) {
      auto const text = quoted_.find(token);
      line_ += text == quoted_.end() ? "\"\"" : text->second;
    });
    line_ += ",\"values\":";
    list(one.values, [&](float value) { add(value); });
    line_ += '}';
  }

  /// JSON has no infinite numbers.
  void add(std::floating_point auto value) {
    if (std::isfinite(value))
      append_number(line_, value);
    else
      line_ += "null";
  }
  void add(std::integral auto value) { append_number(line_, value); }

  std::unordered_map<token_id, std::string> quoted_;
  std::string line_;
};

}  // namespace detail

/// A layer's lines of examples.jsonl, one a neuron that has examples; docs/results.md explains the fields. Bytes of
/// tokens that are no UTF-8 appear as U+FFFD; the ids are exact, and null where a token is not known, as values are
/// where they are infinite.
inline void write_example_lines(std::ostream& out, std::uint32_t layer, layer_examples const& examples) {
  detail::example_lines lines(examples.token_texts);
  for (neuron_examples const& of_neuron : examples.neurons) out << lines.line(layer, of_neuron);
}

}  // namespace census
