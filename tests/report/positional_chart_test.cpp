// SPDX-License-Identifier: MIT
#include <census/report/positional_chart.hpp>

#include <support/catch.hpp>
#include <support/grouped_digits.hpp>

#include <sstream>
#include <string>
#include <vector>

TEST_CASE("the chart is a script that draws a panel a census, a mark a positional neuron, into the image") {
  census::census_record plain, typed;
  plain.name = "it's\nplain";
  plain.layers = {{0, 4, 0, {{"positional_corrected", "1"}}, ""}};
  plain.positional = {{0, 1, 0.3, "", {}}};
  typed.name = "typed";
  typed.layers = {{0, 4, 0, {{"positional_corrected", "0"}}, ""}, {1, 4, 0, {{"positional_corrected", "3"}}, ""}};
  typed.positional = {{1, 0, 0.25, "oscillatory", true}, {1, 3, 0.5, "oscillatory", false}, {1, 2, 0.06, "new", {}}};
  std::ostringstream out;
  CHECK(census::write_positional_chart(out, {plain, typed}, "a b.svg").empty());
  auto const script = out.str();
  CHECK_THAT(script, Catch::Contains("set output 'a b.svg'\n"));
  CHECK_THAT(script, Catch::Contains("set title 'it''s\\u000aplain: 1 neuron'\n"));
  CHECK_THAT(script, Catch::Contains("set title 'typed: 3 neurons'\n"));
  CHECK_THAT(script, Catch::Contains("0.7 0.25\nEND\n"));
  CHECK_THAT(script, Catch::Contains("1.3 0.5\nEND\n"));
  CHECK_THAT(script, Catch::Contains("1.1 0.06\nEND\n"));
  CHECK_THAT(script,
             Catch::Contains("set label 'oscillatory, strong'") && Catch::Contains("set label 'type not told'"));
  CHECK_THAT(script, !Catch::Contains("set label 'other") && !Catch::Contains("Not told"));

  std::ostringstream for_people;
  for_people.imbue(census_test::grouped_digits());
  census::write_positional_chart(for_people, {plain, typed}, "a b.svg");
  CHECK(for_people.str() == script);
}

TEST_CASE("a census that does not tell who is positional beyond chance has no panel of the chart, and is named") {
  census::census_record told, merged;
  told.name = "told";
  told.layers = {{0, 4, 0, {{"positional_corrected", "0"}}, ""}};
  merged.name = "merged\nset output 'x'";
  merged.layers = {{0, 4, 0, {{"positional_corrected", ""}}, ""}};
  std::ostringstream out;
  CHECK(census::write_positional_chart(out, {merged, told}, "a.svg") == std::vector<std::string>{merged.name});
  CHECK_THAT(out.str(), Catch::Contains("\n# Not told by the census of merged\\u000aset output 'x'.\nset terminal"));
  CHECK_THAT(out.str(), Catch::Contains("set title 'told: 0 neurons'\n") && !Catch::Contains("set title 'merged"));

  std::ostringstream none;
  CHECK_THROWS_WITH(census::write_positional_chart(none, {merged}, "a.svg"),
                    Catch::Contains("a.svg: would show nothing. The censuses tell nothing of positions"));
  CHECK(none.str().empty());
}

TEST_CASE("a text becomes a gnuplot string of one line, its quotes doubled") {
  CHECK(census::detail::gnuplot_string("it's") == "'it''s'");
  CHECK(census::detail::gnuplot_string("a\n\x7f\xc3\xa9\xff") == "'a\\u000a\\u007f\xc3\xa9\\xff'");
}
