// SPDX-License-Identifier: MIT
#pragma once

#include <census/json.hpp>
#include <census/statistic/activating_input.hpp>

#include <nlohmann/json.hpp>

#include <concepts>
#include <ostream>
#include <span>
#include <string>

namespace census {

/// awakened.jsonl: a line a neuron that was silent until an input was found. decode(token) gives a token's text.
template <std::invocable<token_id> Decode>
void write_awakened_jsonl(std::ostream& out, std::span<activating_input const> inputs, Decode const& decode) {
  for (activating_input const& one : inputs) {
    std::string text;
    for (token_id const token : one.ids) text += decode(token);
    nlohmann::ordered_json const line{
        {"layer", one.layer}, {"neuron", one.neuron}, {"found_by", one.found_by},
        {"ids", one.ids},     {"text", text},         {"pre_activation", one.pre_activation}};
    out << json_text(line) << '\n';
  }
}

}  // namespace census
