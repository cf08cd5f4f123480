// SPDX-License-Identifier: MIT
#include <census/model/double_pass.hpp>
#include <census/model/forward_in_double.hpp>
#include <census/model/open_model.hpp>

#include "plain_opt.hpp"
#include "random_model.hpp"
#include "reference.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// Pre-activations of one sequence in double precision, [layer][token, neuron] row by row.
std::vector<std::vector<double>> in_double_of(census::model const& m, tokens const& ids) {
  census::double_pass pass(m, {text_of({ids})});
  std::vector<std::vector<double>> all;
  census::layer_weights weights;
  for (std::size_t layer = 0; layer < m.architecture().layers; ++layer) {
    m.weights().load(layer, true, weights);
    auto const found = pass(weights, 0);
    all.emplace_back(found.begin(), found.end());
  }
  return all;
}

}  // namespace

TEST_CASE("the pass in double precision equals loops over the tensors in long double, to 13 digits") {
  std::vector<random_model> const shapes{
      {.ffn = 300, .layers = 3, .positions = 90},  // more neurons than columns, more tokens than rows, at once
      {.hidden = 24, .norm_first = false, .activation = "gelu"},
      {.hidden = 24, .heads = 3, .embedding = 10, .activation = "gelu_new"},
      {.hidden = 20, .heads = 1, .activation = "silu"}};
  for (random_model const& shape : shapes) {
    temporary_folder folder;
    shape.write(folder.path());
    auto const ids = random_sequence(shape.positions, shape.vocabulary);
    auto const found = in_double_of(census::open_model(folder.path()), ids);
    auto const expected = plain_opt(shape).pre_activations(ids);
    REQUIRE(found.size() == expected.size());
    for (std::size_t layer = 0; layer < found.size(); ++layer) {
      long double difference = 0, largest = 0;
      REQUIRE(found[layer].size() == ids.size() * shape.ffn);
      for (std::size_t i = 0; i < found[layer].size(); ++i) {
        long double const value = expected[layer][i / shape.ffn][i % shape.ffn];
        difference = std::max(difference, std::abs(value - found[layer][i]));
        largest = std::max(largest, std::abs(value));
      }
      CAPTURE(shape.activation, layer, double(difference), double(largest));
      CHECK(difference <= 1e-13l * largest);
    }
  }
}

TEST_CASE("the pass in double precision is what Hugging Face transformers computes, up to its float32") {
  for (std::string const name : {"opt/three_layers", "opt/like_350m", "opt/no_gains", "opt/no_biases", "gpt2/plain"}) {
    auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / name;
    auto const model = census::open_model(folder);
    reference const expected(folder / "reference.safetensors");
    for (auto const& s : expected.sequences) {
      auto const found = in_double_of(model, {s.tokens.begin(), s.tokens.end()});
      for (std::size_t layer = 0; layer < expected.layers; ++layer) {
        auto const values = expected.of_layer(s.pre_activations, s, layer);
        double difference = 0, largest = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
          double const value = found[layer][s.rows[i / expected.neurons] * expected.neurons + i % expected.neurons];
          difference = std::max(difference, std::abs(value - double{values[i]}));
          largest = std::max(largest, std::abs(value));
        }
        CAPTURE(name, layer, difference, largest);
        CHECK(largest > 0.1);
        CHECK(difference <= 1e-5 * largest);
      }
    }
  }
}
