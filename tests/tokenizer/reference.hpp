// SPDX-License-Identifier: MIT
// The cases that tests/data/tokenizer/make_fixtures.py wrote with Hugging Face `tokenizers`.
#pragma once

#include <census/read_file.hpp>
#include <census/tokenizer/open_tokenizer.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

inline std::string const reference_folder = CENSUS_TEST_DATA "/tokenizer";

struct reference_case {
  std::string group, text;
  std::vector<std::size_t> pieces;  // the bytes of each
  std::vector<census::token_id> ids;
};

inline nlohmann::json const& reference_file() {
  static auto const file = nlohmann::json::parse(census::read_file(reference_folder + "/cases.json"));
  return file;
}

inline std::vector<reference_case> reference_cases() {
  std::vector<reference_case> cases;
  for (auto const& c : reference_file()["cases"]) {
    auto const hex = c["text"].get<std::string>();
    std::string text;
    for (std::size_t i = 0; i < hex.size(); i += 2) text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    cases.push_back({c["group"], text, c["pieces"], c["ids"]});
  }
  return cases;
}
