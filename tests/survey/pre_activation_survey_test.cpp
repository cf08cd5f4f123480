// SPDX-License-Identifier: MIT
#include <census/survey/pre_activation_survey.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>

#include <vector>

TEST_CASE("a survey of pre-activations tells what weights prove, and with blocks how near their neurons came to zero") {
  auto const blocks = census_test::random_blocks({.neurons = 3, .layers = 1});
  std::vector<census::pre_activation_range> const ranges{
      {.centre = -9, .reach = 1, .float_reach = 1, .magnitude = 10, .columns = 4},
      {.centre = 9, .reach = 1, .float_reach = 1, .magnitude = 10, .columns = 4},
      {.centre = 0.5, .reach = 2, .float_reach = 2, .magnitude = 1e5, .columns = 4}};
  census::pre_activation_survey seen(0, ranges);
  auto const proven = seen.take();
  CHECK(proven.provably_dead == std::vector<bool>{true, false, false});
  CHECK(proven.always_on == std::vector<bool>{false, true, false});
  CHECK(proven.demanded_cosine == std::vector<double>{9, -9, -0.25});
  CHECK(proven.near_zero.empty());

  census::survey(blocks, seen);
  auto const taken = seen.take();
  census::near_zero near(std::vector<std::vector<double>>{
      {ranges[0].likely_rounding(), ranges[1].likely_rounding(), ranges[2].likely_rounding()}});
  census::largest_values largest;
  census::survey(blocks, near, largest);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(taken.near_zero[n] == near.at(0)[n]);
    CHECK(taken.largest_cosine[n] == ranges[n].cosine(largest.at(0)[n].value));
  }
}
