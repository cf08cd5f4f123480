// SPDX-License-Identifier: MIT
// encode_lines FOLDER FILE: opens the tokenizer of FOLDER and prints the token ids of each line of FILE, a JSON string,
// as a JSON list.
#include <census/read_file.hpp>
#include <census/tokenizer/open_tokenizer.hpp>

#include <nlohmann/json.hpp>

#include <iostream>
#include <sstream>

int main(int, char** argv) {
  try {
    auto const tokenizer = census::open_tokenizer(argv[1]);
    std::istringstream lines(census::read_file(argv[2]));
    for (std::string line; std::getline(lines, line);) {
      auto const text = nlohmann::json::parse(line).get<std::string>();
      auto const ids = tokenizer.encode(text);
      if (tokenizer.decode(ids) != text) throw std::runtime_error("does not decode to itself: " + line);
      std::cout << nlohmann::json(ids) << '\n';
    }
  } catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
