// SPDX-License-Identifier: MIT
#include <census/report/positional_chart.hpp>

#include <support/catch.hpp>

#include <sstream>

TEST_CASE("the chart has a panel a census, a point a positional neuron, its colour by type") {
  census::census_record plain, typed;
  plain.name = "it's\nplain";
  plain.layers = {{0, 4, 0, {}, ""}};
  plain.positional = {{0, 1, 0.3, "", {}}};
  typed.name = "typed";
  typed.layers = {{0, 4, 0, {}, ""}, {1, 4, 0, {}, ""}};
  typed.positional = {{1, 0, 0.25, "oscillatory", true}, {1, 3, 0.5, "oscillatory", false}, {1, 2, 0.06, "new", {}}};
  std::ostringstream out;
  census::write_positional_chart(out, {plain, typed}, "a b.svg");
  auto const script = out.str();
  CHECK_THAT(script, Catch::Contains("set output 'a b.svg'"));
  CHECK_THAT(script, Catch::Contains("set title 'it''s?plain: 1 positional'"));
  CHECK_THAT(script, Catch::Contains("layout 1,3"));
  CHECK_THAT(script, Catch::Contains("$untyped << END\n-0."));
  CHECK_THAT(script, Catch::Contains("$oscillatory_strong << END\n0.7 0.25\nEND\n"));
  CHECK_THAT(script, Catch::Contains("$oscillatory << END\n1.3 0.5\nEND\n"));
  CHECK_THAT(script, Catch::Contains("$untyped << END\n1.1 0.06\nEND\n"));
  CHECK_THAT(script, Catch::Contains("title 'oscillatory, strong'") && !Catch::Contains("title 'other"));
}

TEST_CASE("a text becomes a gnuplot string of one line, its quotes doubled") {
  CHECK(census::gnuplot_string("it's") == "'it''s'");
  CHECK(census::gnuplot_string("a\n\x7f\xc3\xa9") == "'a??\xc3\xa9'");
}
