// SPDX-License-Identifier: MIT
#include <census/model/activations.hpp>
#include <census/model/detail/layer_norm.hpp>
#include <census/model/forward.hpp>
#include <census/model/open_model.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/product.hpp>

#include "random_model.hpp"
#include "sequences.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>
#include <vector>

namespace {

// One neuron behind a layer norm, and what runs in front of its activation function.
struct neuron {
  census::padded_matrix w, gain, shift;
  float bias = 0;

  neuron(std::size_t d, std::mt19937& random, bool mirrored = false) : w(1, d), gain(1, d), shift(1, d) {
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < d; ++i) {
      gain.row(0)[i] = 1 + 0.3f * normal(random), shift.row(0)[i] = 0.3f * normal(random);
      w.row(0)[i] = normal(random);
    }
    if (mirrored)  // then u has mean 0
      for (std::size_t i = 0; i < d; ++i)
        w.row(0)[i] =
            i < d / 2 ? w.row(0)[i] / gain.row(0)[i] : -w.row(0)[i - d / 2] * gain.row(0)[i - d / 2] / gain.row(0)[i];
  }
  std::size_t size() const { return w.columns(); }
  census::pre_activation_range range() const {
    return census::range_of_pre_activation(w.row(0), bias, gain.row(0), shift.row(0));
  }
  // The bias with which the proof holds by a hair.
  void make_barely_dead() {
    bias = 0;
    bias = static_cast<float>(-range().centre - range().float_reach);
    while (range().proof() != census::liveness_proof::dead) bias -= 1e-6f * static_cast<float>(range().magnitude);
  }
  double u(std::size_t i) const { return double{w.row(0)[i]} * double{gain.row(0)[i]}; }

  // The pre-activation of each row of a residual stream, as the forward pass computes it.
  std::vector<float> operator()(census::padded_matrix const& residual) const {
    census::padded_matrix normed(residual.rows(), size()), values(residual.rows(), 1);
    census::layer_norm(residual.view(), gain.row(0), shift.row(0), census::norm_settings{}.epsilon, normed.view());
    census::product_transposed(normed.view(), w.view(), values.view());
    std::vector<float> all;
    for (std::size_t i = 0; i < residual.rows(); ++i) all.push_back(values.row(i)[0] + bias);
    return all;
  }
};

// Ascent over the residual stream itself: starts near and far, small and huge, with and without a common offset; then
// steps of single floats to either side, kept where they raise the pre-activation. The largest seen.
float ascend(neuron const& n, std::mt19937& random, int steps) {
  std::size_t const d = n.size();
  double mean = 0;
  for (std::size_t i = 0; i < d; ++i) mean += n.u(i) / static_cast<double>(d);
  std::normal_distribution<float> normal;
  constexpr std::array offsets{0.f, 1.f, 1e2f, -1e4f, 3.3e7f, -1.1e9f};
  constexpr std::array scales{1e-6f, 1e-2f, 1.f, 1e3f, 1e9f, 1e17f};
  constexpr std::array noises{0.f, 1e-3f, 0.3f};
  census::padded_matrix x(offsets.size() * scales.size() * noises.size(), d), next(x.rows(), d);
  std::size_t row = 0;
  for (float const offset : offsets)
    for (float const scale : scales)
      for (float const noise : noises) {
        for (std::size_t i = 0; i < d; ++i)
          x.row(row)[i] = offset + scale * (static_cast<float>(n.u(i) - mean) + noise * normal(random));
        ++row;
      }
  auto best = n(x);
  for (int step = 0; step < steps; ++step) {
    for (std::size_t i = 0; i < x.rows(); ++i) {
      std::ranges::copy(x.row(i), next.row(i).begin());
      for (std::size_t flips = 1 + random() % 4; flips > 0; --flips) {
        float& value = next.row(i)[random() % d];
        int const way = static_cast<int>(random() % 4);
        value = way == 0   ? std::nextafter(value, 1e30f)
                : way == 1 ? std::nextafter(value, -1e30f)
                           : value * (1 + 0.01f * normal(random));
      }
    }
    auto const tried = n(next);
    for (std::size_t i = 0; i < x.rows(); ++i)
      if (tried[i] > best[i]) best[i] = tried[i], std::ranges::copy(next.row(i), x.row(i).begin());
  }
  return *std::ranges::max_element(best);
}

}  // namespace

TEST_CASE("no residual stream makes a provably dead neuron fire, and one that all but is fires") {
  std::mt19937 random(7);
  for (std::size_t const d : {2, 5, 16, 40, 130, 768}) {
    for (bool const mirrored : {false, true}) {
      if (mirrored && d % 2 == 1) continue;
      neuron n(d, random, mirrored);
      n.make_barely_dead();
      INFO("d = " << d << ", mirrored " << mirrored);
      CHECK(ascend(n, random, d > 500 ? 20 : 100) <= 0);

      // The bound is sharp: along u less its mean, far from the norm's epsilon, it is all but attained.
      n.bias = 0;
      n.bias = static_cast<float>(-n.range().centre - 0.999 * n.range().reach);
      CHECK(n.range().proof() == census::liveness_proof::none);
      CHECK(ascend(n, random, 0) > 0);
    }
  }
}

TEST_CASE("every residual stream makes a neuron fire that is provably always on") {
  std::mt19937 random(8);
  for (std::size_t const d : {2, 16, 130}) {
    neuron n(d, random);
    n.bias = static_cast<float>(-n.range().centre + n.range().float_reach);
    while (n.range().proof() != census::liveness_proof::always_on)
      n.bias += 1e-6f * static_cast<float>(n.range().magnitude);
    n.bias = -n.bias;  // all signs turned, to the bit: its largest is the other's smallest
    for (float& w : n.w.row(0)) w = -w;
    CHECK(ascend(n, random, 100) < 0);
  }
}

TEST_CASE("a bound that trusts the norm's mean to be 0 is broken by floats") {
  // M = centre + reach is the largest in exact arithmetic, where a constant residual stream is normed to 0. In floats
  // its mean is not exactly its value, what is left is all rounding error, and the norm blows it up to a constant
  // vector.
  std::mt19937 random(3);
  neuron n(130, random);
  for (float& w : n.w.row(0)) w += 3;  // its u has a mean
  n.bias = 0;
  n.bias = static_cast<float>(-n.range().centre - 1.001 * n.range().reach);
  REQUIRE(n.range().largest() < -n.range().rounding());
  CHECK(n.range().proof() == census::liveness_proof::none);
  census::padded_matrix constant(400, n.size());
  for (std::size_t i = 0; i < constant.rows(); ++i)
    std::ranges::fill(constant.row(i), static_cast<float>(random()) - 2147483648.f);
  CHECK(std::ranges::max(n(constant)) > 0);
  n.make_barely_dead();
  CHECK(std::ranges::max(n(constant)) <= 0);
}

TEST_CASE("float32 pre-activations miss the exact ones by no more than the bounds say, and mostly by far less") {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  for (auto const& [d, least, most] : {std::tuple{16u, 60, 250}, {130u, 150, 600}, {768u, 500, 2500}}) {
    double worst = 0, squares = 0;
    int values = 0;
    for (int repeat = 0; repeat < 8; ++repeat) {
      neuron n(d, random);
      census::padded_matrix x(64, d);
      for (std::size_t i = 0; i < x.rows(); ++i)
        for (float& value : x.row(i)) value = 0.5f + normal(random);
      auto const computed = n(x);
      for (std::size_t i = 0; i < x.rows(); ++i) {
        long double mean = 0, variance = 0, exact = n.bias;
        for (float const v : x.row(i)) mean += static_cast<long double>(v) / static_cast<long double>(d);
        for (float const v : x.row(i)) variance += (v - mean) * (v - mean) / static_cast<long double>(d);
        for (std::size_t j = 0; j < d; ++j)
          exact += n.w.row(0)[j] *
                   ((x.row(i)[j] - mean) / std::sqrt(variance + 1e-5l) * n.gain.row(0)[j] + n.shift.row(0)[j]);
        auto const error = static_cast<double>(std::abs(computed[i] - exact));
        CHECK(error <= n.range().rounding());
        CHECK(error <= n.range().likely_rounding());
        double const of_bound = error / n.range().likely_rounding();
        worst = std::max(worst, of_bound), squares += of_bound * of_bound, ++values;
      }
    }
    double const deviations = 1 / std::sqrt(squares / values);  // of the errors that occur, in the bound
    CAPTURE(d, worst, deviations);
    CHECK(worst > 1e-3);  // the bound is not beyond all measure
    CHECK(deviations > least);
    CHECK(deviations < most);
  }
}

TEST_CASE(
    "every pre-activation of a model lies in its neuron's range, where norms come first and where they come after") {
  for (bool const norm_first : {true, false}) {
    random_model shape{.hidden = 24, .heads = 4, .ffn = 40, .layers = 3, .norm_first = norm_first};
    temporary_folder folder;
    shape.write(folder.path());
    auto const model = census::open_model(folder.path());
    std::vector<std::vector<census::pre_activation_range>> ranges;
    for (std::size_t layer = 0; layer < 3; ++layer) ranges.push_back(census::pre_activation_ranges(model, layer));
    std::vector<double> farthest(3);
    auto const texts =
        std::vector{text_of({random_sequence(16, 50), random_sequence(15, 50), random_sequence(14, 50)})};
    for (auto const& block : census::activations(model, texts, {.keep_values = census::pre_activations}))
      for (std::size_t i = 0; i < block.firings().rows(); ++i)
        for (std::size_t n = 0; n < 40; ++n) {
          double const cosine = ranges[block.layer()][n].cosine(double{block.values().row(i)[n]});
          REQUIRE(std::abs(cosine) <= 1 + 1e-6);
          farthest[block.layer()] = std::max(farthest[block.layer()], cosine);
        }
    for (double const cosine : farthest) CHECK(cosine > 0.4);
  }
}
