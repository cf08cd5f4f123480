// SPDX-License-Identifier: MIT
#include <census/survey/replay.hpp>

#include "wanting_neurons.hpp"

#include <support/catch.hpp>

#include <stdexcept>
#include <vector>

using namespace wanting;

TEST_CASE("a replay gives each neuron's value at the last of its own ids, whatever else an input says") {
  std::vector<census::activating_input> const inputs{{1, 0, {2, 31}, 99.f, "lies"},
                                                     {0, 1, {2, 20, 40, 30}, -1.f, ""},
                                                     {0, 1, {2, 20, 30, 40}, 0.f, ""},
                                                     {0, 0, {30}, 0.f, ""},
                                                     {1, 3, {2, 7}, 0.f, ""}};
  CHECK(census::replay(model(), inputs) == std::vector{0.5f, 0.5f, -1.5f, 0.5f, 1.f});
  CHECK(census::replay(model(), std::vector<census::activating_input>{}).empty());
}

TEST_CASE("a replay runs the layers that are asked for, once each, however many the inputs are") {
  auto const ran = model();
  std::vector<census::activating_input> const many(3000, {1, 3, {2, 7, 8, 9}, 0.f, ""});
  CHECK(census::replay(ran, many) == std::vector<float>(3000, 1.f));
  CHECK(ran.seen().run == std::vector<std::size_t>{1});
}

TEST_CASE("a replay refuses what the model does not have") {
  auto const refused = [](census::activating_input one) {
    CHECK_THROWS_AS(census::replay(model(), std::vector{std::move(one)}), std::invalid_argument);
  };
  refused({0, 0, {}, 0.f, ""});
  refused({2, 0, {2}, 0.f, ""});
  refused({0, 4, {2}, 0.f, ""});
}
