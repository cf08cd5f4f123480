// SPDX-License-Identifier: MIT
#include <census/recording/recorded_corpus.hpp>

#include <census/corpus/corpus.hpp>
#include <census/recording/firings_recording.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/survey/census_corpus.hpp>

#include "recorded_toy.hpp"

#include <support/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

static_assert(census::census_corpus<census::recorded_corpus>);

/// Documents of 0 to 44 tokens in two domains.
census::corpus documents() {
  std::vector<census::corpus_document> all;
  for (std::size_t d = 0; d < 9; ++d) {
    census::corpus_document one{{}, static_cast<std::uint16_t>(d % 2)};
    for (std::size_t i = 0; i < d * 11 / 2; ++i)
      one.tokens.push_back(static_cast<census::token_id>(3 + (d * 7 + i * i) % 40));
    all.push_back(std::move(one));
  }
  return {{"prose", "code"}, all, 2, {.context = 10}};
}

}  // namespace

TEST_CASE("the text of a recording tells what the corpus told, sequence by sequence") {
  temporary_folder const folder;
  auto const corpus = std::move(documents()).with_sources({{"a.txt", "prose", 0, 12, 34, 5}, {"b.txt", "code"}});
  auto const model = census_test::toy();
  census::recording_writer writer(folder.path(),
                                  census::describe_recording(model, corpus, 1, 1, census::recorded_values::none));
  for (auto const& text : corpus.texts(30)) writer.observe(model.run(1, text, false));
  writer.commit();

  auto const recorded = census::firings_recording(folder.path()).corpus();
  CHECK(recorded.domains() == corpus.domains());
  CHECK(recorded.tokens() == corpus.tokens());
  for (std::size_t d : {0, 1}) CHECK(recorded.tokens_in(d) == corpus.tokens_in(d));
  CHECK(recorded.distinct_tokens() == corpus.distinct_tokens());
  CHECK(recorded.documents() == corpus.documents());
  CHECK(recorded.sequences() == corpus.sequences());
  CHECK(recorded.full_sequences() == corpus.full_sequences());
  CHECK(recorded.context() == corpus.context());
  CHECK(recorded.bos() == corpus.bos());
  REQUIRE(recorded.sources().size() == 2);
  CHECK(recorded.sources()[0].path == "a.txt");
  CHECK(recorded.sources()[0].hash == 34);
  CHECK(recorded.sources()[0].splits == std::optional<std::uint64_t>(5));
  CHECK(recorded.sources()[1].domain == "code");

  for (std::size_t const rows : {1, 25, 8192}) {
    auto const expected = corpus.texts(rows), texts = recorded.texts(rows);
    CHECK(texts.rows() == expected.rows());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CHECK(*texts[i] == *expected[i]);
      for (std::size_t s = 0; s < texts[i]->sequences.size(); ++s)
        CHECK(texts[i]->sequences[s].offset == expected[i]->sequences[s].offset);
    }
  }
}

TEST_CASE("a text of positions alone is recorded as one, and no token of it is counted") {
  temporary_folder const folder;
  auto const model = census_test::toy();
  census::recording_description about{
      .layers = 1, .neurons = census_test::toy_neurons, .tokens = 6, .sequences = 2, .context = 4, .domains = {""}};
  auto const text = census::share(census::text_rows::without_tokens(
      {{.document = 5, .first_row = 0, .length = 4, .full = true}, {.document = 6, .first_row = 4, .length = 2}}));
  census::recording_writer writer(folder.path(), about);
  writer.observe(model.run(0, text, false));
  writer.commit();
  auto const recorded = census::firings_recording(folder.path()).corpus();
  CHECK(recorded.distinct_tokens() == 0);
  CHECK(recorded.documents() == 2);
  CHECK(*recorded.texts()[0] == *text);
  CHECK(recorded.texts()[0]->sequences[1].offset == census::sequence::not_told);
  CHECK_FALSE(recorded.bos().has_value());
}
