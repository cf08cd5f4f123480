// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/model/double_pass.hpp>
#include <census/model/open_model.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

TEST_CASE("a sequence in double precision has the same bytes beside others, alone, and on one thread") {
  random_model const shape{.ffn = 300};
  temporary_folder folder;
  shape.write(folder.path());
  auto const model = census::open_model(folder.path());
  std::vector const texts{text_of({random_sequence(16, 50)}), text_of({random_sequence(9, 50)})};
  census::double_pass both(model, texts), alone(model, {texts[1]});
  census::layer_weights weights;
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    model.weights().load(layer, layer + 1 < shape.layers, weights);  // of the last one pre-activations alone are asked
    both(weights, 0);
    auto const found = both(weights, 1);
    std::vector<double> const beside(found.begin(), found.end());
    tbb::global_control const one_thread(tbb::global_control::max_allowed_parallelism, 1);
    CHECK(std::ranges::equal(alone(weights, 0), beside));
    CHECK(beside.size() == 9 * 300);
  }
}

TEST_CASE("a text of two sequences and a token that the model has not are refused") {
  temporary_folder folder;
  random_model{}.write(folder.path());
  auto const model = census::open_model(folder.path());
  CHECK_THROWS_AS(census::double_pass(model, {text_of({random_sequence(5, 50), random_sequence(6, 50)})}),
                  std::invalid_argument);
  CHECK_THROWS_AS(census::double_pass(model, {text_of({{2, 50}})}), census::bad_input);
}
