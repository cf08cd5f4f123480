// SPDX-License-Identifier: MIT
#include <census/cuda/basic_model.hpp>
#include <census/cuda/layers.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/survey/take_census.hpp>

#include <cuda/support/small_models.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
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
  std::map<std::string, std::string> const device(origin.device.begin(), origin.device.end());
  CHECK(device.at("name") == model.device().name);
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
