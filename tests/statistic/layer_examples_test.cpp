// SPDX-License-Identifier: MIT
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/statistic/layer_examples.hpp>

#include <support/catch.hpp>

TEST_CASE("a layer's examples, their bins and the texts of their tokens come back as they were stored") {
  census::activation_example const one{2, {3, 0, 1}, 0, {5, 6}, {0, 2}}, other{1, {4, 0, 0}, 0, {6}, {1}};
  census::layer_examples const examples{
      .neurons = {{1, {one, other}, {{1, 1, 0.5, {other}}, {2, 2, 0.5, {one}}}}, {4, {other}, {}}},
      .token_texts = {{5, "\xff"}, {6, " six"}}};
  census::layer_examples restored;
  census::restore(census::store(examples), restored);
  CHECK(restored.neurons == examples.neurons);
  CHECK(restored.token_texts == examples.token_texts);
}
