// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/layer_loader.hpp>
#include <census/cuda/layers.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/census_model.hpp>
#include <census/survey/survey.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/misnaming_errors.hpp>
#include <cuda/support/small_models.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using census_test::bits_of_layers, census_test::device_model, census_test::open_random;

random_model const three_layers{.hidden = 16, .heads = 2, .layers = 3};
std::vector<std::vector<std::size_t>> const ten_lengths{{5, 16}, {1}, {9}, {16, 2, 3}, {7}, {4, 4}};

/// Enough for one layer and what it works in, and no residual stream kept.
std::uint64_t least_memory(census::model const& m, std::size_t rows, bool keep_values = false) {
  device_model const nothing(m, {.memory = 1});
  return census::cuda::detail::best_plan(nothing, {.tokens = 67,
                                                   .context = 16,
                                                   .rows_per_block = rows,
                                                   .layers = m.architecture().layers,
                                                   .keep_values = keep_values})
      .total();
}

}  // namespace

TEST_CASE("a model on a device is a census model, its layers are a layered source") {
  STATIC_REQUIRE(census::layered_model<device_model>);
  STATIC_REQUIRE(census::census_model<device_model>);
  STATIC_REQUIRE(census::layered_source<decltype(layers(std::declval<device_model const&>(), census::text_list()))>);
}

TEST_CASE("layers on a device fire as on the host, within rounding") {
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  auto const expected = bits_of_layers(here, texts, {.keep_values = false}),
             found = bits_of_layers(device_model(here, {}), texts, {.keep_values = false});
  REQUIRE(found.size() == 3 * 67);
  std::size_t differing = 0;
  for (auto const& [row, bits] : expected) differing += found.at(row) != bits;
  CHECK(differing <= 1);  // of 201 rows: a pre-activation may be as near to 0 as rounding reaches
}

TEST_CASE("memory, blocks, and residual streams that wait in a file do not change a bit") {
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  census::source_options<> const options{.keep_values = true};
  auto const expected = bits_of_layers(device_model(here, {}), texts, options);
  CHECK(expected.size() == 3 * 67);

  std::vector<std::vector<std::size_t>> one_by_one, all_in_one(1);
  for (auto const& text : ten_lengths)
    for (std::size_t const length : text) one_by_one.push_back({length}), all_in_one[0].push_back(length);
  CHECK(bits_of_layers(device_model(here, {}), census_test::texts_of(one_by_one), options) == expected);
  CHECK(bits_of_layers(device_model(here, {}), census_test::texts_of(all_in_one), options) == expected);

  std::uint64_t const least = least_memory(here, 21, true);
  census_test::in_each_schedule(
      [&] {
        for (std::uint64_t const memory : {least, least + 2000})
          for (std::uint64_t const on_host : {0, 2500}) {
            CAPTURE(memory - least, on_host);
            CHECK(bits_of_layers(device_model(here, {.memory = memory}), texts,
                                 {.keep_values = true,
                                  .residual_memory = on_host,
                                  .residual_folder = std::filesystem::temp_directory_path()}) == expected);
          }
      },
      1);
}

TEST_CASE("layers asked for from the midst on are those of the whole pass, also where a layer is not read to its end") {
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  device_model const model(here, {});
  auto expected = bits_of_layers(model, texts, {.keep_values = false});
  std::erase_if(expected, [](auto const& row) { return std::get<0>(row.first) != 1; });
  CHECK(bits_of_layers(model, texts, {.layers = {1, 2}, .keep_values = false}) == expected);

  census_test::bits_by_row found;
  for (auto&& layer : layers(model, texts, {.keep_values = false}))
    for (auto const& block : layer) {
      if (block.layer() != 1) break;
      census_test::note_bits(found, on_host(block));
    }
  CHECK(found == expected);
}

TEST_CASE("pre-activations come with the blocks, above 0 where a neuron fires") {
  device_model const model(open_random({.activation = "gelu"}), {});
  std::size_t fired = 0;
  for (auto&& layer : layers(model, census_test::texts_of(ten_lengths), {.keep_values = census::pre_activations}))
    for (auto const& block : layer) {
      auto const here = on_host(block);
      for (std::size_t i = 0; i < here.firings().rows(); ++i)
        for (std::size_t n = 0; n < 70; ++n) {
          REQUIRE(here.firings().fires(i, n) == (here.values().row(i)[n] > 0));
          fired += here.firings().fires(i, n);
        }
    }
  CHECK(fired > 1000);
}

TEST_CASE("the weights of the layer at hand are the host's") {
  auto const here = open_random(three_layers);
  device_model const model(here, {});
  auto running = layers(model, census_test::texts_of({{5}}), {.keep_values = false});
  std::size_t layer = 0;
  for ([[maybe_unused]] auto&& source : running) {
    census::layer_weights expected;
    here.weights().load(layer, layer + 1 < 3, expected);
    CHECK(running.weights().has_fc2() == expected.has_fc2());
    CHECK(std::ranges::equal(running.weights().fc1.row(3), expected.fc1.row(3)));
    ++layer;
  }
  CHECK(layer == 3);
}

TEST_CASE("what is bad ends a pass on a device by name, and the pass stays ended") {
  auto const texts = census_test::texts_of(ten_lengths);
  CHECK_THROWS_WITH(layers(device_model(open_random({.vocabulary = 20}), {}), texts), Catch::Contains("document "));
  CHECK_THROWS_WITH(layers(device_model(open_random(), {}), texts, {.layers = {0, 3}}), Catch::Contains("layers 0:3"));
  CHECK_THROWS_WITH(layers(device_model(open_random(), {.memory = 10}), texts),
                    Catch::Contains("device memory 0MiB of cuda:0: this needs at least "));

  random_model const huge{.layers = 3, .fc1_bias = 3e38f};  // updates are infinite, and the next norm makes NaN of them
  auto running = layers(device_model(open_random(huge), {}), texts, {.keep_values = false});
  auto const read_all = [&] {
    for (auto&& layer : running)
      for ([[maybe_unused]] auto const& block : layer) {
      }
  };
  CHECK_THROWS_WITH(read_all(), Catch::Contains("layer 1, document 0, piece 0, token 0: the activation is NaN"));
  CHECK_THROWS_AS(read_all(), std::logic_error);
}

#if defined(CENSUS_FAKE_CUDA)

TEST_CASE("texts are dealt to several devices in turn, and blocks come in the order of the texts, the same bits") {
  census_test::several_devices const seven(7);
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  census::source_options<> const options{.keep_values = true};
  auto const expected = bits_of_layers(device_model(here, {}), texts, options);
  for (std::vector<int> const& devices : {std::vector{1, 0}, {0, 2, 1}, {0, 1, 2, 3, 4, 5, 6}}) {
    CAPTURE(devices.size());
    census_test::in_each_schedule(
        [&] {
          census_test::bits_by_row found;
          for (auto&& layer : layers(device_model(here, {.devices = devices}), texts, options)) {
            std::size_t text = 0;
            for (auto const& block : layer) {
              CHECK(block.firings().device() == devices[text % devices.size()]);
              CHECK(block.text() == texts[text++]);
              census_test::note_bits(found, on_host(block));
            }
            CHECK(text == texts.size());
          }
          CHECK(found == expected);
        },
        1);
  }
}

TEST_CASE("little memory on several devices, and layers that are not read to their end, do not change a bit") {
  census_test::several_devices const three(3);
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  auto expected = bits_of_layers(device_model(here, {}), texts, {.keep_values = false});
  std::uint64_t const least = least_memory(here, 21);
  for (std::vector<int> const& devices : {std::vector{0, 1}, {0, 1, 2}})
    for (std::uint64_t const on_host : {0, 5000}) {
      CAPTURE(devices.size(), on_host);
      device_model const model(here, {.devices = devices, .memory = least});
      for (int const device : devices) fake::peak_bytes(device);
      CHECK(bits_of_layers(model, texts,
                           {.keep_values = false,
                            .residual_memory = on_host,
                            .residual_folder = std::filesystem::temp_directory_path()}) == expected);
      for (int const device : devices) CHECK(fake::peak_bytes(device) <= least);
    }

  std::erase_if(expected, [](auto const& row) { return std::get<0>(row.first) == 0; });
  census_test::bits_by_row found;
  std::size_t layer_number = 0;
  for (auto&& layer : layers(device_model(here, {.devices = {0, 1}}), texts, {.keep_values = false})) {
    std::size_t read = 0;
    for (auto const& block : layer) {
      if (layer_number == 0 && ++read == 3) break;  // of six
      if (layer_number > 0) census_test::note_bits(found, on_host(block));
    }
    ++layer_number;
  }
  CHECK(found == expected);
}

TEST_CASE("a device with too little memory is named, and so is a bad activation, whichever device finds it") {
  census_test::several_devices const two(2);
  auto const texts = census_test::texts_of(ten_lengths);
  fake::set_memory(10'000, 1);
  CHECK_THROWS_WITH(layers(device_model(open_random(), {.devices = {0, 1}}), texts),
                    Catch::Contains("device memory 0MiB of cuda:1: this needs at least "));
  fake::set_memory(std::size_t{1} << 40, 1);

  random_model const huge{.layers = 3, .fc1_bias = 3e38f};  // updates are infinite, and the next norm makes NaN of them
  auto running = layers(device_model(open_random(huge), {.devices = {1, 0}}), texts, {.keep_values = false});
  auto const read_all = [&] {
    for (auto&& layer : running)
      for ([[maybe_unused]] auto const& block : layer) {
      }
  };
  CHECK_THROWS_WITH(read_all(), Catch::Contains("layer 1, document 0, piece 0, token 0: the activation is NaN"));
  CHECK_THROWS_AS(read_all(), std::logic_error);
}

TEST_CASE("a device that fails at any call ends the pass by name, and nothing is left on any") {
  census_test::several_devices const two(2);
  auto const here = open_random({.hidden = 16, .heads = 2});
  auto const texts = census_test::texts_of({{5, 16}, {9}, {3}});
  std::uint64_t const least = least_memory(here, 21);
  for (std::vector<int> const& devices : {std::vector{0}, {0, 1}}) {
    auto const run = [&](std::uint64_t failing_call) {
      device_model const model(here, {.devices = devices, .memory = least});
      fake::fail_at(failing_call);
      auto const bits = bits_of_layers(
          model, texts,
          {.keep_values = false, .residual_memory = 1500, .residual_folder = std::filesystem::temp_directory_path()});
      bool const failed = fake::has_failed();
      fake::fail_at(0);
      return failed ? census_test::bits_by_row{} : bits;
    };
    auto const expected = run(0);
    std::size_t failures = 0;
    for (std::uint64_t call = 1;; call += 1 + call / 8) {
      std::optional<census_test::bits_by_row> found;
      try {
        found = run(call);
      } catch (census::cuda::device_error const& error) {
        fake::fail_at(0);
        ++failures;
        REQUIRE(std::string(error.what()).find("failed: cudaError") != std::string::npos);
      }
      REQUIRE(fake::live_allocations() == 0);
      if (found && *found == expected) break;
    }
    CHECK(failures > 20);
  }
}

TEST_CASE("what fails while layers are uploaded names the device, whichever one is the current one of the caller") {
  census_test::several_devices const two(2);
  auto const here = open_random({.hidden = 16, .heads = 2});
  std::size_t failures = 0;
  auto const misnaming = census_test::misnaming_errors(1, failures, [&] {
    namespace detail = census::cuda::detail;
    std::vector const devices{detail::device::open_apart(1)};
    detail::layer_loader loader(devices, here, census::cuda::precision::exact, 2, 2);
    loader.begin(0);
    loader.go_on();
    loader.begin(1);
  });
  CHECK(misnaming == std::vector<std::string>{});
  CHECK(failures > 10);
}

TEST_CASE("where census alone uses devices, it opens those that are named and no other, in whichever thread") {
  census_test::several_devices const three(3);
  auto const here = open_random({.hidden = 16, .heads = 2});
  auto const run = [&] {
    int before = 0, behind = 0;
    std::set<int> opened;
    std::thread([&] {
      census::cuda::detail::check(cudaGetDevice(&before), "cudaGetDevice");
      fake::opened_devices();
      census::token_coverage tokens;
      for (auto&& layer :
           layers(device_model(here, {.devices = {2, 1}}), census_test::texts_of({{5}, {3}}), {.keep_values = false}))
        census::survey(layer, tokens);
      CHECK(tokens.table(1).neurons() == 70);
      opened = fake::opened_devices();
      census::cuda::detail::check(cudaGetDevice(&behind), "cudaGetDevice");
    }).join();
    CHECK((before == 0 && (behind == 0) == opened.contains(0)));
    return opened;
  };
  CHECK(run() == std::set{0, 1, 2});  // else the caller has the device from before again
  {
    census::cuda::only_user_of_devices const alone;
    CHECK(run() == std::set{1, 2});
  }
  CHECK(run() == std::set{0, 1, 2});
}

TEST_CASE("a pass takes memory when its first layer is looked for, so that another one may have it until then") {
  census_test::several_devices const two(2);
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  std::uint64_t const least = least_memory(here, 21);
  for (std::vector<int> const& devices : {std::vector{0}, {0, 1}}) {
    device_model const model(here, {.devices = devices, .memory = least});
    for (int const device : devices) fake::peak_bytes(device);
    auto later = layers(model, texts, {.keep_values = false});
    CHECK(fake::live_allocations() == 0);  // page-locked memory neither
    auto const expected = bits_of_layers(model, texts, {.keep_values = false});
    census_test::bits_by_row found;
    for (auto&& layer : later)
      for (auto const& block : layer) census_test::note_bits(found, on_host(block));
    CHECK(found == expected);
    for (int const device : devices) CHECK(fake::peak_bytes(device) <= least);
  }
}

TEST_CASE("a pass takes no more of the device's memory than its plan says") {
  auto const here = open_random(three_layers);
  auto const texts = census_test::texts_of(ten_lengths);
  for (bool const keep_values : {false, true}) {
    std::uint64_t const least = least_memory(here, 21, keep_values);
    for (std::uint64_t const memory : {least, least + 2000, 3 * least}) {
      CAPTURE(keep_values, memory);
      fake::peak_bytes();
      bits_of_layers(device_model(here, {.memory = memory}), texts, {.keep_values = keep_values});
      CHECK(fake::peak_bytes() <= memory);
    }
  }
}
#endif
