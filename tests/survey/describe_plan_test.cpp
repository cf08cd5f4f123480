// SPDX-License-Identifier: MIT
#include <census/survey/describe_plan.hpp>

#include <support/catch.hpp>

#include <sstream>
#include <string>

namespace {

std::string told(census::census_plan const& plan) {
  std::ostringstream text;
  census::describe(plan, text);
  return text.str();
}

census::census_plan a_plan() {
  census::census_plan plan{.options = {.folder = "out"}, .size = {.tokens = 700, .sequences = 9, .documents = 4}};
  plan.size.distinct_tokens = 55, plan.size.positions = 128;
  plan.weights = 5 << 20, plan.residuals = plan.residuals_held = 3 << 20, plan.full_sequences = 50;
  return plan;
}

}  // namespace

TEST_CASE("a plan tells how much text there is, what is held, and what waits in files") {
  auto plan = a_plan();
  CHECK_THAT(told(plan), Catch::StartsWith("700 tokens, 55 of them distinct, in 9 sequences of 4 documents\n"
                                           "memory: at most 9 MiB, of these 6 MiB a layer's weights"));
  CHECK_THAT(told(plan), !Catch::Contains("in a file"));
  plan.residuals_held = 1 << 20, plan.firings = 8 << 20;
  CHECK_THAT(told(plan), Catch::Contains("2 MiB residual streams (the other 3 MiB wait in a file in out)"));
  CHECK_THAT(told(plan), Catch::Contains("of a layer's firings 9 MiB lie in a file in out"));
  plan.options.folder.clear();
  CHECK_THAT(told(plan), Catch::Contains("lie in a file in the folder for temporary files; one pass"));
}

TEST_CASE("a plan warns where a half of the documents is too small, and says what is left empty for it") {
  auto plan = a_plan();
  plan.halves = census::text_halves{{{2, 350, 50}, {3, 350, 50}}};
  CHECK_THAT(told(plan), !Catch::Contains("warning"));
  (*plan.halves)[1].full_sequences = 49;
  CHECK_THAT(told(plan), Catch::EndsWith("warning: halved, the text has 50 and 49 full sequences, where 50 each are "
                                         "needed to compare types, so which are confident is left empty\n"));
  (*plan.halves)[0].documents = 1;
  CHECK_THAT(told(plan), Catch::Contains("warning: halved, the text has 1 and 3 documents, where 2 each are needed") &&
                             !Catch::Contains("49 full sequences"));
}

TEST_CASE("a plan warns of documents that are copies of others") {
  auto plan = a_plan();
  CHECK_THAT(told(plan), !Catch::Contains("copies"));
  plan.size.documents = 7, plan.copies = 3;
  CHECK_THAT(told(plan), Catch::Contains("warning: 3 of the 7 documents are copies of others"));
}

TEST_CASE("a plan warns where few sequences are full, or none") {
  auto plan = a_plan();
  CHECK_THAT(told(plan), !Catch::Contains("warning"));
  plan.full_sequences = 9;
  CHECK_THAT(told(plan), Catch::Contains("warning: with 9 full sequences, chance alone makes neurons positional"));
  plan.full_sequences = 0;
  CHECK_THAT(told(plan), Catch::Contains("warning: no document fills a sequence of 128 tokens"));
}

TEST_CASE("a plan warns of a context in which the first position alone makes a neuron positional") {
  auto plan = a_plan();
  plan.size.positions = 114;  // H(1/114) = 0.0503, H(1/115) = 0.0499
  CHECK(census::first_position_suffices(114));
  CHECK_THAT(told(plan), Catch::Contains("with a context of 114 tokens, firing at position 1 alone"));
  plan.size.positions = 115;
  CHECK_FALSE(census::first_position_suffices(115));
  CHECK_THAT(told(plan), !Catch::Contains("warning"));
  plan.options.rules.positional_above = 0.0499;
  CHECK_THAT(told(plan), Catch::Contains("with a context of 115 tokens, firing at position 1 alone"));
  CHECK(census::first_position_suffices(2));  // ln 2
  CHECK_FALSE(census::first_position_suffices(2, 0.7));
  CHECK_FALSE(census::first_position_suffices(1));
  plan.size.positions = 20, plan.full_sequences = 0;
  CHECK_THAT(told(plan), !Catch::Contains("position 1 alone"));
}
