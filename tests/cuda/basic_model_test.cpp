// SPDX-License-Identifier: MIT
#include <census/cuda/basic_model.hpp>
#include <census/cuda/layers.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/take_census.hpp>

#include <cuda/support/device.hpp>
#include <cuda/support/small_models.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using census_test::device_model;

/// Forty documents of a full sequence each, as a census_corpus.
class full_documents {
 public:
  static constexpr std::size_t length = 16, count = 40;

  std::uint64_t tokens() const { return count * length; }
  std::uint64_t distinct_tokens() const { return 50; }
  std::uint64_t documents() const { return count; }
  std::uint64_t sequences() const { return count; }
  std::uint64_t full_sequences() const { return count; }
  std::size_t context() const { return length; }
  std::vector<std::string> domains() const { return {"all"}; }
  std::uint64_t bytes_held() const { return 0; }
  census::text_list texts(std::size_t rows) const {
    std::vector<census::shared_text> all;
    std::uint64_t random = 1;
    for (std::size_t first = 0; first < count;) {
      census::text_rows text;
      for (; first < count && text.tokens.size() + length <= std::max(rows, length); ++first) {
        text.sequences.push_back({.document = first,
                                  .first_row = static_cast<std::uint32_t>(text.tokens.size()),
                                  .length = length,
                                  .full = true});
        for (std::size_t p = 0; p < length; ++p) {
          random = random * 6364136223846793005 + 1442695040888963407;
          text.tokens.push_back(static_cast<census::token_id>((random >> 33) % 50));
        }
      }
      all.push_back(census::share(std::move(text)));
    }
    return all;
  }
};

}  // namespace

TEST_CASE("a model on a device answers as the model on the host that it was made of, and tells what it runs on") {
  auto const here = census_test::open_random();
  device_model const model(here, {.memory = 1 << 20});
  CHECK(model.update(1, 3) == here.update(1, 3));
  CHECK(model.embedding_rows(2, 3) == here.embedding_rows(2, 3));
  CHECK(model.on_embedding(here.update(0, 1)) == here.on_embedding(here.update(0, 1)));
  CHECK(model.final_gain() == here.final_gain());
  CHECK(tokens_named(model) == 50);
  CHECK(token_text(model, 7) == "<7>");
  auto const origin = origin_of(model);
  CHECK(origin.files.size() == origin_of(here).files.size());
  REQUIRE(origin.devices.size() == 1);
  std::map<std::string, std::string> const device(origin.devices[0].begin(), origin.devices[0].end());
  CHECK(device.at("name") == model.devices()[0].name);
  CHECK(device.at("precision") == "exact");
  CHECK(device.at("memory_used_at_most") == "1048576");
  CHECK(device.contains("driver"));
}

TEST_CASE("a census taken on a device is that of its blocks on the host, pre-activations and n-grams among it") {
  device_model const model(census_test::open_random({.hidden = 16, .heads = 2}), {});
  full_documents const corpus;
  auto plan = census::plan_census(model, corpus,
                                  {.longest_ngram = 2,
                                   .pre_activations = true,
                                   .keep_tables = true,
                                   .threads = 2,
                                   .folder = std::filesystem::temp_directory_path()});
  std::vector<census::paper_survey> expected(2);
  for (auto&& layer : layers(model, corpus.texts(100), {.keep_values = false}))
    for (auto const& block : layer) expected[block.layer()].observe(on_host(block));
  std::vector<census::ngram_rows> const pairs{{2, census::join(corpus.texts(100), corpus.tokens())}};

  std::size_t taken = 0;
  for (auto&& layer : census::take_census(model, corpus, plan)) {
    auto const number = static_cast<std::uint32_t>(taken++);
    auto const result = expected[number].result(number, pairs);
    CHECK(layer.census.liveness.firings == result.liveness.firings);
    CHECK(layer.census.tokens.cover == result.tokens.cover);
    CHECK(layer.census.ngrams == result.ngrams);
    CHECK(layer.census.position.mutual_information == result.position.mutual_information);
    CHECK(layer.by_position == expected[number].by_position(number));
    CHECK(*layer.by_token == expected[number].by_token(number));
    CHECK(layer.census.pre_activations->near_zero.size() == 70);
  }
  CHECK(taken == 2);
}

#if defined(CENSUS_FAKE_CUDA)

TEST_CASE("a model tells all devices that it runs on, and takes the memory that all of them have") {
  census_test::several_devices const three(3);
  fake::set_memory(std::size_t{100} << 20, 1);
  auto const here = census_test::open_random();
  device_model const model(here, {.devices = {2, 1, 0}});
  auto const origin = origin_of(model);
  REQUIRE(origin.devices.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    std::map<std::string, std::string> const device(origin.devices[i].begin(), origin.devices[i].end());
    CHECK(device.at("number") == std::to_string(2 - i));
    CHECK(device.at("memory_used_at_most") == std::to_string(model.device_memory()));
  }
  CHECK(model.smallest_device().number == 1);
  CHECK(model.device_memory() <= (std::size_t{90} << 20));
  CHECK_THROWS_WITH(device_model(here, {.devices = {0, 1, 0}}), "device cuda:0: is named twice");
  CHECK_THROWS_WITH(device_model(here, {.devices = {0, 3}}), Catch::StartsWith("device cuda:3: this machine has"));
  CHECK_THROWS_AS(device_model(here, {.devices = {}}), std::invalid_argument);
  fake::set_memory(std::size_t{1} << 40, 1);
}

TEST_CASE("a census taken on several devices is that of one, in all its figures and tables") {
  census_test::several_devices const three(3);
  auto const here = census_test::open_random({.hidden = 16, .heads = 2});
  full_documents const corpus;
  auto const taken_on = [&](std::vector<int> devices) {
    device_model const model(here, {.devices = std::move(devices)});
    auto const plan = census::plan_census(model, corpus,
                                          {.longest_ngram = 2,
                                           .pre_activations = true,
                                           .keep_tables = true,
                                           .threads = 2,
                                           .folder = std::filesystem::temp_directory_path()});
    auto run = census::take_census(model, corpus, plan);
    std::vector<census::layer_result> all;
    for (auto&& layer : run) all.push_back(std::move(layer));
    CHECK(run.profiles().size() > 0);
    return all;
  };
  auto const expected = taken_on({0});
  REQUIRE(expected.size() == 2);
  for (std::vector<int> const& devices : {std::vector{1}, {0, 1}, {2, 0, 1}}) {
    auto const found = taken_on(devices);
    CAPTURE(devices.size());
    REQUIRE(found.size() == 2);
    for (std::size_t layer = 0; layer < 2; ++layer) {
      auto const &a = found[layer].census, &b = expected[layer].census;
      CHECK(a.liveness.firings == b.liveness.firings);
      CHECK(a.liveness.firing_rate_upper_95 == b.liveness.firing_rate_upper_95);
      CHECK(a.tokens.cover == b.tokens.cover);
      CHECK(a.ngrams == b.ngrams);
      CHECK(a.position.mutual_information == b.position.mutual_information);
      CHECK(a.pre_activations->near_zero == b.pre_activations->near_zero);
      CHECK(found[layer].by_position == expected[layer].by_position);
      CHECK(*found[layer].by_token == *expected[layer].by_token);
    }
  }
}

#endif
