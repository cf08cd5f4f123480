// SPDX-License-Identifier: MIT
#include <census/model/layer_weights.hpp>

#include "matrix_bytes.hpp"
#include "small_model.hpp"

#include <support/catch.hpp>

TEST_CASE("what is planned for a layer's weights is what a layer holds that was read") {
  auto const model = small_model({.hidden = 36, .heads = 3, .ffn = 70});
  census::layer_weights w;
  model.weights().load(1, true, w);
  CHECK(w.has_fc2());
  CHECK(bytes_of({&w.attention_gain, &w.attention_bias, &w.attention_in, &w.attention_in_bias, &w.attention_out,
                  &w.attention_out_bias, &w.ffn_gain, &w.ffn_bias, &w.fc1, &w.fc1_bias, &w.fc2, &w.fc2_bias}) ==
        census::layer_weights::bytes(model.architecture()));
  CHECK(model.weights().largest_tensor_bytes(1) == 4 * 36 * 70);
  model.weights().load(1, false, w);
  CHECK_FALSE(w.has_fc2());
}
