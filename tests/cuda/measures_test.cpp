// SPDX-License-Identifier: MIT
#include <cuda/report.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/products.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using census::cuda::precision;

namespace {

/// What was written to standard output while it lived.
class caught_output {
 public:
  caught_output() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  caught_output(caught_output const&) = delete;
  caught_output& operator=(caught_output const&) = delete;
  ~caught_output() { std::cout.rdbuf(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

}  // namespace

TEST_CASE("measures on a device are taken of what the host computes, too") {
  random_shape const small{100, 32, 1, 2, 128, 32};
  caught_output const out;
  report_device<census_test::test_products>({.surveyed = {{"small", small, 2.}},
                                             .stack = {"little", small},
                                             .precision = precision::bfloat16,
                                             .context = 8,
                                             .block_rows = 32,
                                             .tokens = 32,
                                             .passes_of_16_bits = 40,
                                             .passes_of_32_bits = 1});
  for (auto const* measure : {"| packing float32 |", "| table by token, after 40 blocks |",
                              "| small, bfloat16: ", ": five tables to a layer |", ": a survey to its bare products |"})
    CHECK(out.text().find(measure) != std::string::npos);
}

TEST_CASE("a table that is not the host's is no measure") {
  std::vector<float> values(6 * 70, -1.f);
  for (std::size_t i = 0; i < values.size(); i += 3) values[i] = 1;
  auto const bits = census::pack(census::activation_values(values, 70));
  std::vector<std::uint32_t> const row{0, 1, 1, 2, 0, 1};
  census::key_rows const keys{std::span(row)};
  census::firing_counts table(70);
  tabulate(bits, keys, table);
  CHECK_NOTHROW(check_table(table, bits, keys, {.block = 1}, "t"));
  CHECK_THROWS_AS(check_table(table, bits, keys, {.block = 1, .silence = 1}, "t"), std::runtime_error);
  tabulate(bits, keys, table);
  CHECK_NOTHROW(check_table(table, bits, keys, {.block = 2}, "t"));
  CHECK_THROWS_AS(check_table(table, bits, keys, {.block = 1, .silence = 1}, "t"), std::runtime_error);
  values[69] = -values[69];
  auto const others = census::pack(census::activation_values(values, 70));
  CHECK_THROWS_AS(check_table(table, others, keys, {.block = 2}, "t"), std::runtime_error);
}

TEST_CASE("a layer that is not the host's is no measure") {
  auto const a = architecture_of({100, 32, 1, 2, 128, 32});
  auto const weights = random_weights(a);
  auto const tokens = [&] {
    census::padded_matrix made(4, 32);
    for (std::size_t i = 0; i < 4; ++i) std::iota(made.row(i).begin(), made.row(i).end(), static_cast<float>(i * i));
    return made;
  };
  census::workspace w;
  census::padded_matrix activations(4, a.ffn_size), residual = tokens();
  std::vector<float> made;
  census::attend(a, weights, residual.view(), w);
  census::feed_forward(
      a, weights, residual.view(), activations.view(), w, [](auto...) {},
      [&](std::size_t, std::span<float const> row, auto) { made.insert(made.end(), row.begin(), row.end()); });
  auto const bits = [&] { return census::pack(census::activation_values(made, a.ffn_size)); };
  CHECK_NOTHROW(check_layer(a, precision::exact, weights, tokens(), bits()));
  made[7] = made[7] > 0 ? 0.f : 1.f;
  CHECK_THROWS_AS(check_layer(a, precision::exact, weights, tokens(), bits()), std::runtime_error);
  CHECK_NOTHROW(check_layer(a, precision::half, weights, tokens(), bits()));
  for (std::size_t i = 0; i < 30; ++i) made[i * 16] = made[i * 16] > 0 ? 0.f : 1.f;
  CHECK_THROWS_AS(check_layer(a, precision::bfloat16, weights, tokens(), bits()), std::runtime_error);
}
