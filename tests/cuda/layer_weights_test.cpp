// SPDX-License-Identifier: MIT
#include <census/cuda/detail/layer_weights.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/kernel_memory.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <cstring>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

using census::cuda::precision;
using census::cuda::detail::weights_layout;

namespace {

/// A layer of odd sizes with random weights; those of padding are NaN, so that who reads them is seen.
struct odd_layer {
  census::architecture shape{
      .hidden_size = 18, .layers = 1, .heads = 3, .key_value_heads = 3, .head_size = 6, .ffn_size = 21};
  census::layer_weights weights;

  odd_layer() {
    weights.resize(shape, true);
    std::mt19937 random(1);
    for (auto* m : {&weights.attention_gain, &weights.attention_bias, &weights.attention_in, &weights.attention_in_bias,
                    &weights.attention_out, &weights.attention_out_bias, &weights.ffn_gain, &weights.ffn_bias,
                    &weights.fc1, &weights.fc1_bias, &weights.fc2, &weights.fc2_bias})
      for (std::size_t i = 0; i < m->rows(); ++i)
        for (float& value : m->row(i)) value = static_cast<float>(random() >> 8) / (1 << 23) - 1;
  }

  std::vector<std::byte> staged(precision p) const {
    std::vector<std::byte> bytes(weights_layout(shape, p).bytes(weights.has_fc2()), std::byte{0xff});
    census::cuda::detail::stage_weights(3, shape, weights, p, bytes);
    return bytes;
  }
};

}  // namespace

TEST_CASE("a layer's weights are staged as [padded(in), padded(out)] matrices, padding 0, fc2 last") {
  odd_layer const layer;
  weights_layout const at(layer.shape, precision::exact);
  auto const bytes = layer.staged(precision::exact);
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), bytes.size());
  auto const is = [&](census::padded_matrix const& m, std::size_t place, std::size_t rows, std::size_t columns) {
    bool same = place % 256 == 0;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        same &= floats[place / 4 + i * columns + j] == (i < m.rows() && j < m.columns() ? m.row(i)[j] : 0.f);
    return same;
  };
  auto const& w = layer.weights;
  CHECK((is(w.attention_gain, at.attention_gain, 1, 32) && is(w.attention_bias, at.attention_bias, 1, 32)));
  CHECK((is(w.attention_in, at.attention_in, 32, 96) && is(w.attention_in_bias, at.attention_in_bias, 1, 96)));
  CHECK((is(w.attention_out, at.attention_out, 32, 32) && is(w.attention_out_bias, at.attention_out_bias, 1, 32)));
  CHECK((is(w.ffn_gain, at.ffn_gain, 1, 32) && is(w.ffn_bias, at.ffn_bias, 1, 32)));
  CHECK((is(w.fc1, at.fc1, 32, 32) && is(w.fc1_bias, at.fc1_bias, 1, 32)));
  CHECK((is(w.fc2, at.fc2, 32, 32) && is(w.fc2_bias, at.fc2_bias, 1, 32)));
  CHECK((at.fc2 == at.without_fc2 && at.whole == bytes.size() && at.bytes(false) == at.without_fc2));
}

TEST_CASE("half precision takes half the bytes for matrices, and refuses a weight beyond its range by name") {
  odd_layer layer;
  weights_layout const exact(layer.shape, precision::exact), half(layer.shape, precision::half);
  CHECK(half.attention_in_bias - half.attention_in == (exact.attention_in_bias - exact.attention_in) / 2);
  CHECK(layer.staged(precision::half).size() == half.whole);
  layer.weights.fc1.row(17)[20] = -65'520;
  CHECK_THROWS_WITH(layer.staged(precision::half), "layer 3, fc1: a weight is beyond the range of half");
  CHECK(layer.staged(precision::bfloat16).size() == half.whole);
}

TEST_CASE("staging and uploading refuse memory of a wrong size") {
  odd_layer layer;
  std::vector<std::byte> bytes(weights_layout(layer.shape, precision::half).whole + 1);
  CHECK_THROWS_AS(census::cuda::detail::stage_weights(0, layer.shape, layer.weights, precision::half, bytes),
                  std::invalid_argument);
  auto const on = census_test::first_device();
  census::cuda::detail::layer_weights there(on, layer.shape, precision::half, false, on->stream());
  bytes.pop_back();
  CHECK_THROWS_AS(there.upload(bytes, on->stream()), std::invalid_argument);  // there is no place for fc2
  CHECK_THROWS_AS(there.upload(std::span(bytes).first(100), on->stream()), std::invalid_argument);
}

TEST_CASE("a layer's weights arrive on the device byte for byte, with fc2 and without") {
  odd_layer layer;
  auto const on = census_test::first_device();
  census::cuda::detail::layer_weights there(on, layer.shape, precision::bfloat16, true, on->stream());
  for (bool const with_fc2 : {true, false}) {
    if (!with_fc2) layer.weights.fc2 = {}, layer.weights.fc2_bias = {};
    auto const bytes = layer.staged(precision::bfloat16);
    there.upload(bytes, on->stream());
    std::vector<std::byte> home(bytes.size());
    auto const* const first = reinterpret_cast<std::byte const*>(there.attention_gain());
    census::cuda::detail::bring(*on, first, std::span(home));
    CHECK(home == bytes);
    CHECK(there.has_fc2() == with_fc2);
    CHECK(static_cast<std::byte const*>(there.fc1()) - first ==
          static_cast<std::ptrdiff_t>(weights_layout(layer.shape, precision::bfloat16).fc1));
  }
}
