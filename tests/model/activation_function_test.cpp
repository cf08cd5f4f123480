// SPDX-License-Identifier: MIT
#include <census/model/activation_function.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace {

using census::activation_function;

// The published forms, in double.
double expected(activation_function f, double x) {
  switch (f) {
  case activation_function::relu:
    return x > 0 ? x : 0;
  case activation_function::gelu:
    return x / 2 * (1 + std::erf(x / std::sqrt(2.)));
  case activation_function::gelu_tanh:
    return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.)) * (x + 0.044715 * x * x * x)));
  case activation_function::silu:
    return x / (1 + std::exp(-x));
  }
  return 0;
}

// The function of each value, `before` others standing in front in the row.
std::vector<float> applied(activation_function f, std::vector<float> const& to, float bias = 0,
                           std::size_t before = 0) {
  census::padded_matrix row(1, before + to.size()), biases(1, before + to.size());
  for (std::size_t i = 0; i < before; ++i) row.row(0)[i] = 0.3f * static_cast<float>(i);
  for (std::size_t i = 0; i < to.size(); ++i) row.row(0)[before + i] = to[i], biases.row(0)[before + i] = bias;
  bool const ordered = census::add_bias_and_activate(f, row.row(0), biases.row(0));
  auto const after = row.row(0).subspan(before);
  bool found = false;
  for (float const value : after) found |= std::isnan(value);
  CHECK(ordered == !found);
  return {after.begin(), after.end()};
}

constexpr activation_function all[]{activation_function::relu, activation_function::gelu,
                                    activation_function::gelu_tanh, activation_function::silu};

}  // namespace

TEST_CASE("activation functions are known by the names that a config.json has for them") {
  using enum activation_function;
  CHECK(census::activation_function_of("relu") == relu);
  CHECK(census::activation_function_of("gelu") == gelu);
  CHECK(census::activation_function_of("gelu_new") == gelu_tanh);
  CHECK(census::activation_function_of("gelu_pytorch_tanh") == gelu_tanh);
  CHECK(census::activation_function_of("silu") == silu);
  CHECK(census::activation_function_of("swish") == silu);
  for (auto const* other : {"", "ReLU", "relu6", "quick_gelu", "mish"})
    CHECK(census::activation_function_of(other) == std::nullopt);
}

TEST_CASE("activation functions are their published forms, bias added") {
  std::vector<float> x;
  for (int i = -4000; i <= 4000; ++i) x.push_back(static_cast<float>(i) / 128);
  for (auto const f : all)
    for (float const bias : {0.f, -1.25f}) {
      auto const got = applied(f, x, bias);
      double worst = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        double const shifted = static_cast<double>(x[i]) + static_cast<double>(bias);
        worst = std::max(worst, std::abs(static_cast<double>(got[i]) - expected(f, shifted)) / (1 + std::abs(shifted)));
      }
      CHECK(worst < 5e-7);
    }
}

TEST_CASE("an activation is above zero exactly where its argument is, however large, and NaN stays NaN") {
  constexpr float largest = std::numeric_limits<float>::max();
  for (auto const f : all) {
    for (float const x : {1e-30f, 1e-3f, 4.f, 9.f, 100.f, 1e10f, largest}) {
      CHECK(applied(f, {x}).front() > 0);
      CHECK_FALSE(applied(f, {-x}).front() > 0);
    }
    CHECK(applied(f, {0}).front() == 0);
    CHECK(std::isnan(applied(f, {1, std::numeric_limits<float>::quiet_NaN(), -1})[1]));
  }
}

TEST_CASE("an activation's bits depend neither on its place in the row nor on its neighbours") {
  std::vector<float> x;
  for (int i = -20; i < 21; ++i) x.push_back(static_cast<float>(i) * 0.37f);
  for (auto const f : all) {
    auto const alone = applied(f, x);
    for (std::size_t const before : {1, 3, 8, 15, 16, 29}) {
      auto const moved = applied(f, x, 0, before);
      CHECK(std::memcmp(alone.data(), moved.data(), x.size() * sizeof(float)) == 0);
    }
  }
}
