// SPDX-License-Identifier: MIT
#include <census/report/token_table.hpp>
#include <census/report/write_table.hpp>

#include "surveyed_layers.hpp"

#include <support/catch.hpp>
#include <support/read_tensor.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>

using census_test::read_tensor;
using census_test::surveyed;

TEST_CASE("a layer's table by token is stored as a brute-force recount from raw activations has it") {
  auto const source = surveyed::blocks();
  census_test::recount const recount(source);
  temporary_folder const folder;
  auto const path = folder / census::token_table_name(1);
  census::write_table(path, *census_test::results_of(source)[1].by_token);

  census::safetensors_file const file(path);
  std::size_t const tokens = recount.tokens.size();
  auto const keys = read_tensor<std::uint32_t>(file, "tokens", {tokens});
  auto const occurrences = read_tensor<std::int64_t>(file, "occurrences", {tokens});
  auto const counts = read_tensor<std::uint32_t>(file, "counts", {tokens, surveyed::neurons});
  std::size_t row = 0, differing = 0;
  for (auto const& [token, count] : recount.tokens) {
    CHECK(keys[row] == token);
    CHECK(static_cast<std::uint64_t>(occurrences[row]) == count);
    for (std::size_t n = 0; n < surveyed::neurons; ++n) {
      auto const& by_token = recount.neurons[1][n].by_token;
      auto const fired = by_token.find(token);
      differing += counts[row * surveyed::neurons + n] != (fired == by_token.end() ? 0 : fired->second);
    }
    ++row;
  }
  CHECK(differing == 0);
}
