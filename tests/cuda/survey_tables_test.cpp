// SPDX-License-Identifier: MIT
#include <census/cuda/survey_tables.hpp>

#include <support/catch.hpp>

TEST_CASE("the tables of a survey grow by what a row of cells takes for each key more") {
  census::survey_size const size{.tokens = 1000,
                                 .sequences = 10,
                                 .documents = 5,
                                 .distinct_tokens = 50,
                                 .positions = 16,
                                 .domains = 2,
                                 .neurons = 100,
                                 .layers = 4};
  auto more_tokens = size, more_positions = size;
  more_tokens.distinct_tokens += 10, more_positions.positions += 10;
  CHECK(census::cuda::bytes_of_tables(more_tokens) == census::cuda::bytes_of_tables(size) + 10 * 128);
  CHECK(census::cuda::bytes_of_tables(more_positions) == census::cuda::bytes_of_tables(size) + 40 * 128);
}
