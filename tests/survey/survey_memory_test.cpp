// SPDX-License-Identifier: MIT
#include <census/activation/join.hpp>
#include <census/survey/survey_memory.hpp>

#include <support/catch.hpp>

TEST_CASE("the memory of a survey grows with what it is planned for, and n-grams have none where none are asked for") {
  census::survey_size const size{.tokens = 100'000,
                                 .sequences = 900,
                                 .documents = 80,
                                 .distinct_tokens = 5000,
                                 .positions = 128,
                                 .domains = 3,
                                 .neurons = 512,
                                 .layers = 4,
                                 .longest_ngram = 3,
                                 .threads = 2};
  auto const planned = census::plan_survey(size);
  auto const with = [&](auto change) {
    auto other = size;
    change(other);
    return census::plan_survey(other);
  };
  CHECK(with([](auto& s) { s.longest_ngram = 1; }).ngrams == 0);
  CHECK(with([](auto& s) { s.longest_ngram = 4; }).ngrams - planned.ngrams == 8 * size.tokens + 16 * size.sequences);
  CHECK(with([](auto& s) { s.layers = 8; }).results == 2 * planned.results);
  CHECK(with([](auto& s) { s.layers = 8; }).tables == planned.tables);
  CHECK(with([](auto& s) { s.distinct_tokens += 10; }).tables - planned.tables == 10 * (512 + 160));
  CHECK(planned.total() == planned.tables + planned.ngrams + planned.results);
}
