// SPDX-License-Identifier: MIT
#include <census/survey/measure_rounding.hpp>

#include <support/catch.hpp>
#include <support/toy_model.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace {

double value_of(std::size_t layer, std::size_t neuron, census::token_id token) {
  return std::sin(static_cast<double>(token * (neuron + 1))) * static_cast<double>(layer + 1);
}

// What it computes is off by a thousandth a layer: up for even neurons, down for odd ones.
float computed(std::uint32_t layer, std::size_t neuron, std::span<census::token_id const> tokens, std::size_t p) {
  double const off = (neuron % 2 == 0 ? 1e-3 : -1e-3) * (layer + 1);
  return static_cast<float>(value_of(layer, neuron, tokens[p]) + off);
}

}  // namespace

TEST_CASE("what a model computes is compared with the exact values, text by text and layer by layer") {
  elsewhere::toy_model const model({.layers = 3}, computed);
  std::vector<census::shared_text> sample;
  for (auto const& text : elsewhere::toy_corpus(3, 9, 60).texts()) sample.push_back(text);
  std::vector<std::size_t> asked;
  std::vector<double> values;
  auto const exact = [&](std::size_t layer, std::size_t text) -> std::span<double const> {
    asked.push_back(10 * layer + text);
    values.clear();
    for (auto const token : sample[text]->tokens)
      for (std::size_t n = 0; n < 4; ++n) values.push_back(value_of(layer, n, token));
    return values;
  };
  auto const errors = census::measure_rounding(model, sample, 2, exact);
  CHECK(asked == std::vector<std::size_t>{0, 1, 2, 10, 11, 12});
  REQUIRE(errors.size() == 2);
  auto const ranges = pre_activation_ranges(model.architecture(), 0);
  for (std::size_t layer = 0; layer < 2; ++layer) {
    std::uint64_t firings = 0, differ = 0;
    for (auto const& text : sample)
      for (std::size_t p = 0; p < text->tokens.size(); ++p)
        for (std::size_t n = 0; n < 4; ++n) {
          bool const fires = value_of(layer, n, text->tokens[p]) > 0;
          firings += fires, differ += fires != (computed(layer, n, text->tokens, p) > 0);
        }
    double const off = 1e-3 * double(layer + 1);
    CHECK(errors[layer].tokens == 27);
    CHECK(errors[layer].rms() == Approx(off).epsilon(1e-4));
    CHECK(errors[layer].largest == Approx(off).epsilon(1e-3));
    CHECK(errors[layer].largest_of_bound ==
          Approx(off / ranges[2].likely_rounding()).epsilon(1e-3));  // the least bound
    CHECK(errors[layer].firings == firings);
    CHECK(errors[layer].firings_differ() == differ);
  }
}

TEST_CASE("values in double precision that are not a row a token are refused") {
  std::vector<census::shared_text> const sample{elsewhere::toy_corpus(1, 5, 60).texts().front()};
  elsewhere::toy_model const model({}, computed);
  CHECK_THROWS_AS(
      census::measure_rounding(model, sample, 1, [](std::size_t, std::size_t) { return std::vector<double>(3); }),
      std::logic_error);
}
