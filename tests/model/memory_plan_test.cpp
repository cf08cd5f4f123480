// SPDX-License-Identifier: MIT
#include <census/model/memory_plan.hpp>

#include "small_model.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <string>

TEST_CASE("a smaller budget takes smaller blocks and lets residual streams wait in a file, and one too small is told") {
  auto const model = small_model({.hidden = 64, .heads = 4, .ffn = 256, .positions = 128});
  auto const plan = [&](std::uint64_t memory) {
    return census::plan_layers(model, {0, 2}, 1'000'000, 128, 2, 1 << 20, memory);
  };
  auto const roomy = plan(std::uint64_t{4} << 30);
  CHECK((roomy.rows_per_block == 8192 && roomy.residuals == 4 * 64 * 1'000'000));
  CHECK(roomy.residuals_held == roomy.residuals);
  auto const smaller = census::plan_layers(model, {0, 2}, 1'000'000, 128, 2, 1 << 20, std::uint64_t{4} << 30, 300);
  CHECK((smaller.rows_per_block == 300 && smaller.working < roomy.working));
  CHECK(roomy.weights_read == model.weights().layer_bytes(0) + model.weights().layer_bytes(1, false));

  auto const tight = plan(roomy.total() - 1);
  CHECK(tight.residuals_held < tight.residuals);
  CHECK(tight.total() == roomy.total() - 1);

  std::string message = "nothing";
  try {
    plan(1 << 20);
  } catch (census::bad_input const& error) {
    message = error.what();
  }
  std::string const place = "memory 1MiB: this needs at least ";
  REQUIRE(message.starts_with(place));
  auto const least = std::stoull(message.substr(place.size()));
  CHECK(plan(least << 20).rows_per_block < roomy.rows_per_block);
  CHECK_THROWS_AS(plan((least - 1) << 20), census::bad_input);
}
