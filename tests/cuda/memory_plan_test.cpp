// SPDX-License-Identifier: MIT
#include <census/cuda/memory_plan.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/small_models.hpp>
#include <support/catch.hpp>

#include <cstdint>
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
