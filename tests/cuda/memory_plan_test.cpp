// SPDX-License-Identifier: MIT
#include <census/cuda/memory_plan.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/plan_census.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/small_models.hpp>
#include <support/catch.hpp>
#include <support/toy_model.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

using census_test::device_model;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t planned_tokens = 100'000;

census::model planned_model() {
  static census::model const made =
      census_test::open_random({.hidden = 128, .heads = 4, .ffn = 1024, .layers = 3, .positions = 256});
  return made;
}

census::memory_plan planned(std::uint64_t device_memory, std::uint64_t memory = std::uint64_t{8} << 30,
                            std::uint64_t tables = 0, std::vector<int> devices = {0}) {
  device_model const m(planned_model(), {.devices = std::move(devices), .memory = device_memory, .tables = tables});
  return plan_layers(m, {0, 3}, planned_tokens, 256, 2, mebibyte, memory);
}

/// The same of a census with values, of 400 sequences of 256 tokens; and what its pass then asks of the device.
census::census_plan planned_with_values(device_model const& m, census::census_options options) {
  static elsewhere::toy_corpus const corpus(400, 256, 50);
  options.memory = std::uint64_t{8} << 30;
  return census::plan_census(m, corpus, options);
}
census::cuda::pass_size pass_of(census::census_plan const& plan) {
  return {.tokens = plan.size.tokens,
          .context = 256,
          .rows_per_block = plan.rows_per_block,
          .layers = 3,
          .keep_values = plan.options.keeps_values()};
}

/// The smallest memory that a refusal names, in bytes.
template <class Plan>
std::uint64_t smallest(Plan const& plan) {
  try {
    plan();
  } catch (census::bad_input const& error) {
    std::string const message = error.what();
    auto const at = message.find("at least ");
    REQUIRE(at != std::string::npos);
    return std::stoull(message.substr(at + 9)) * mebibyte;
  }
  FAIL("this should be too little");
  return 0;
}

}  // namespace

TEST_CASE("the smallest device memory that a refusal names is accepted, and one mebibyte less is not") {
  std::uint64_t const least = smallest([] { planned(mebibyte); });
  CHECK_NOTHROW(planned(least));
  CHECK_THROWS_WITH(planned(least - mebibyte), Catch::Contains("device memory ") && Catch::Contains(" of cuda:0"));
  CHECK(planned(least).rows_per_block < planned(std::uint64_t{1} << 30).rows_per_block);
}

TEST_CASE("tables that lie on the device are planned for") {
  std::uint64_t const least = smallest([] { planned(mebibyte); });
  CHECK(smallest([] { planned(mebibyte, std::uint64_t{8} << 30, 50 * mebibyte); }) == least + 50 * mebibyte);
}

TEST_CASE("a model without tables plans with the memory that they leave to nobody") {
  device_model const with(planned_model(), {.memory = 200 * mebibyte, .tables = 199 * mebibyte});
  census::cuda::pass_size const keeps_values{
      .tokens = 1024, .context = 256, .rows_per_block = 256, .layers = 3, .keep_values = true};
  CHECK_THROWS_WITH(plan_device(with, keeps_values), Catch::Contains("of these 200MiB tables"));
  CHECK(plan_device(with.without_tables(), keeps_values).tables == 0);
  CHECK(with.without_tables().device_memory() == 200 * mebibyte);
}

TEST_CASE(
    "with values, a block has as many sequences as fit on the device, and at most one a thread or a whole block") {
  constexpr std::uint64_t ample = std::uint64_t{8} << 30;
  for (std::size_t const threads : {2, 64})
    for (bool const pre_activations : {true, false}) {
      census::census_options const options{
          .pre_activations = pre_activations, .examples = pre_activations ? 0u : 5u, .threads = threads};
      auto const with = [&](std::uint64_t device_memory) {
        device_model const m(planned_model(), {.memory = device_memory});
        auto const plan = planned_with_values(m, options);
        CAPTURE(threads, pre_activations, device_memory, plan.rows_per_block);
        CHECK_NOTHROW(plan_device(m, pass_of(plan)));
        // The memory of the host is planned for these blocks.
        CHECK(plan.working ==
              plan_layers(m, {0, 3}, plan.size.tokens, 256, threads, 0, ample, plan.rows_per_block, true).working);
        CHECK(plan.values == 2 * sizeof(float) * 1024 * plan.rows_per_block);
        return plan.rows_per_block;
      };
      std::uint64_t const least = smallest([&] { with(mebibyte); });
      CHECK(least > smallest([] { planned(mebibyte); }));
      CHECK_THROWS_WITH(with(least - mebibyte), Catch::Contains("device memory "));
      CHECK(with(least) < with(ample));
      CHECK(with(ample) == (pre_activations ? threads * 256 : std::max<std::size_t>(8192, threads * 256)));
    }
}

TEST_CASE("residual streams wait on the device, else on the host, else in a file, by the memory of both") {
  std::uint64_t const all = 4 * planned_tokens * 128, least = smallest([] { planned(mebibyte); });
  auto const ample = planned(std::uint64_t{4} << 30);
  CHECK(ample.residuals == 0);  // none waits on the host
  auto const tight = planned(least);
  CHECK((tight.residuals > all / 2 && tight.residuals <= all && tight.residuals_held == tight.residuals));
  std::uint64_t const host_least = smallest([&] { planned(least, mebibyte); });
  auto const tightest = planned(least, host_least);
  CHECK(tightest.residuals_held < mebibyte);
  CHECK(tightest.total() <= host_least);
}

TEST_CASE("a plan holds two layers' weights where they fit, and says so within the memory it was given") {
  census::cuda::pass_size const pass{.tokens = planned_tokens, .context = 256, .rows_per_block = 1024, .layers = 3};
  std::size_t one = 0, two = 0;
  for (std::uint64_t memory = 4 * mebibyte; memory < 512 * mebibyte; memory += 2 * mebibyte) {
    device_model const m(planned_model(), {.memory = memory});
    try {
      auto const plan = plan_device(m, pass);
      CHECK(plan.total() <= memory);
      CHECK(plan.residuals_held <= plan.residuals);
      (plan.layers_held == 2 ? two : one) += 1;
    } catch (census::bad_input const&) {
      CHECK(one + two == 0);  // what is refused is less than what is accepted
    }
  }
  CHECK((one > 0 && two > 0));
}

TEST_CASE("one of several devices has its part of the texts, and one more at most") {
  CHECK(census::cuda::largest_share(1000, 100, 1) == 1000);
  CHECK(census::cuda::largest_share(1000, 100, 2) == 600);
  CHECK(census::cuda::largest_share(1000, 100, 3) == 433);
  CHECK(census::cuda::largest_share(50, 100, 3) == 50);
}

#if defined(CENSUS_FAKE_CUDA)

TEST_CASE("with several devices, residual streams are shared out, and the host holds the weights of a layer once") {
  census_test::several_devices const two(2);
  std::uint64_t const ample = std::uint64_t{8} << 30, all = 4 * planned_tokens * 128;
  std::uint64_t const least = smallest([] { planned(mebibyte); });
  CHECK(smallest([&] { planned(mebibyte, ample, 0, {0, 1}); }) == least);
  auto const one = planned(least, ample), both = planned(least, ample, 0, {0, 1});
  CHECK(both.weights == one.weights);
  CHECK(both.working > one.working);
  CHECK((both.residuals > all / 2 && both.residuals < all + all / 4));

  auto const all_stay = [&](std::vector<int> const& devices) {  // from so much memory of each device on
    std::uint64_t memory = least;
    while (planned(memory, ample, 0, devices).residuals > 0) memory += mebibyte;
    return memory;
  };
  std::uint64_t const on_one = all_stay({0}), on_both = all_stay({0, 1});
  CHECK((on_both < on_one - all / 4 && on_both > on_one - all));
  std::uint64_t const host_least = smallest([&] { planned(least, mebibyte, 0, {0, 1}); });
  CHECK(host_least > smallest([&] { planned(least, mebibyte); }));
  CHECK(planned(least, host_least, 0, {0, 1}).total() <= host_least);
}

#endif

// Texts have whole sequences, so that they may be shorter than the rows that were planned for: of these, two layers may
// fit where one alone fitted of those.
TEST_CASE("a pass over shorter texts than were planned for lets no more wait on the host than was planned") {
  constexpr std::size_t context = 200, planned_rows = 300;
  auto const size = [&](std::size_t rows) {
    return census::cuda::pass_size{.tokens = 20'000, .context = context, .rows_per_block = rows, .layers = 3};
  };
  std::size_t would_differ = 0;
  for (std::uint64_t memory = mebibyte; memory < 64 * mebibyte; memory += 1 << 14) {
    device_model const m(planned_model(), {.memory = memory});
    census::cuda::device_plan before;
    try {
      before = plan_device(m, size(planned_rows));
    } catch (census::bad_input const&) {
      continue;  // too little
    }
    auto const now = plan_device(m, size(context), before.residuals_waiting());
    CAPTURE(memory);
    CHECK(now.residuals_waiting() <= before.residuals_waiting());
    CHECK(now.total() <= memory);
    would_differ += plan_device(m, size(context)).residuals_waiting() > before.residuals_waiting();
  }
  CHECK(would_differ > 0);
}
