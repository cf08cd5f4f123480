// SPDX-License-Identifier: MIT
#include <census/report/compare_censuses.hpp>
#include <census/report/detail/percent.hpp>

#include <support/catch.hpp>
#include <support/grouped_digits.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

census::layer_record a_layer(std::uint32_t layer, std::vector<std::pair<std::string, std::string>> const& cells) {
  census::layer_record record{layer, 10, 3, {}, "layers.csv:2"};
  for (auto const& [name, cell] : cells) record.cells.emplace(name, cell);
  return record;
}

std::vector<census::census_record> two_censuses() {
  census::census_record first, second;
  first.name = "first", second.name = "a longer name";
  first.layers = {a_layer(0, {{"dead_share", "0.25"}, {"token_detectors", "3"}, {"remark", "1.5"}}),
                  a_layer(1, {{"dead_share", "0.5"}, {"token_detectors", "4"}, {"remark", ""}})};
  second.layers = {a_layer(1, {{"dead_share", ""}, {"token_detectors", "0"}})};
  return {first, second};
}

std::vector<std::string> names(std::vector<census::compared_column> const& columns) {
  std::vector<std::string> all;
  for (auto const& column : columns) all.push_back(column.column);
  return all;
}

}  // namespace

TEST_CASE("censuses are compared by the columns that some of them has, and by those asked for") {
  auto const censuses = two_censuses();
  CHECK(names(census::columns_to_compare(censuses)) == std::vector<std::string>{"dead_share", "token_detectors"});
  CHECK(names(census::columns_to_compare(censuses, {"remark"})) ==
        std::vector<std::string>{"dead_share", "token_detectors", "remark"});
  CHECK_THROWS_WITH(census::columns_to_compare(censuses, {"none"}), "column none: no layers.csv here has it");
}

TEST_CASE("a column that is asked for though it is there, or twice, is there once") {
  auto censuses = two_censuses();
  for (auto& census : censuses)
    for (auto& layer : census.layers) layer.cells.emplace("dead", "3");
  auto const columns = census::columns_to_compare(censuses, {"token_detectors", "dead", "remark", "remark"});
  CHECK(names(columns) == std::vector<std::string>{"dead_share", "token_detectors", "dead", "remark"});
  std::ostringstream out;
  census::write_comparison_csv(out, censuses, columns);
  CHECK(out.str().starts_with("census,layer,neurons,dead,dead_share,token_detectors,remark\n"
                              "first,0,10,3,0.25,3,1.5\n"));
}

TEST_CASE("beside each count of detectors stand those of that order and those supported") {
  auto censuses = two_censuses();
  for (auto const* column : {"bigram_detectors", "bigram_detectors_of_that_order", "bigram_detectors_supported",
                             "token_detectors_supported"})
    censuses[0].layers[0].cells.emplace(column, "2");
  CHECK(names(census::columns_to_compare(censuses)) ==
        std::vector<std::string>{"dead_share", "token_detectors", "token_detectors_supported", "bigram_detectors",
                                 "bigram_detectors_of_that_order", "bigram_detectors_supported"});
}

TEST_CASE("a sum of all layers is not told where a layer's figure is not known") {
  auto censuses = two_censuses();
  censuses[0].layers[1].cells.erase("token_detectors");
  std::ostringstream out;
  census::print_comparison(out, censuses, census::columns_to_compare(censuses)[1]);
  CHECK(out.str() == "token detectors\n"
                     "  layer      first  a longer name\n"
                     "      0          3              -\n"
                     "      1          -              0\n"
                     "    all          -              0\n\n");
}

TEST_CASE(
    "a column is shown side by side, a dash where a census has no such layer or figure, its sum where it adds up") {
  auto const censuses = two_censuses();
  auto const columns = census::columns_to_compare(censuses, {"remark"});
  auto const shown = [&](std::size_t column) {
    std::ostringstream out;
    census::print_comparison(out, censuses, columns[column]);
    return out.str();
  };
  CHECK(shown(0) == "dead neurons, share\n"
                    "  layer      first  a longer name\n"
                    "      0    25.00 %              -\n"
                    "      1    50.00 %              -\n\n");
  CHECK(shown(1) == "token detectors\n"
                    "  layer      first  a longer name\n"
                    "      0          3              -\n"
                    "      1          4              0\n"
                    "    all          7              0\n\n");
  CHECK(shown(2) == "remark\n"
                    "  layer      first  a longer name\n"
                    "      0        1.5              -\n"
                    "      1          -              -\n\n");
}

TEST_CASE("a whole figure is shown with all its digits") {
  census::compared_column const plain{"rounding_tokens", "rounding_tokens"},
      count{"detected_tokens", "tokens", census::compared_column::unit::count};
  CHECK(census::as_read(plain, 1234567.0) == "1234567");
  CHECK(census::as_read(count, 1234567.0) == "1234567");
  CHECK(census::as_read(count, 100000.0) == "100000");
  CHECK(census::as_read(plain, -2e15) == "-2000000000000000");
  CHECK(census::as_read(plain, 1e300) == "1e+300");
  CHECK(census::as_read(plain, 0.0123456789) == "0.0123457");
  CHECK(census::as_read(plain, std::nullopt) == "-");
}

TEST_CASE("a share that is not the whole is not shown as 100 %, nor one above 0 as 0 %") {
  census::compared_column const share{"dead_share", "dead", census::compared_column::unit::share};
  CHECK(census::as_read(share, 0.99994) == "99.99 %");
  CHECK(census::as_read(share, 0.99996) == "99.99 %");
  CHECK(census::as_read(share, 1.0) == "100.00 %");
  CHECK(census::as_read(share, 0.0) == "0.00 %");
  CHECK(census::as_read(share, 1.0 / 36864) == "0.01 %");
  CHECK(census::detail::percent(0.001, 0) == "1 %");
}

TEST_CASE("a comparison as a table has a row a census and layer, cells as they were") {
  auto const censuses = two_censuses();
  std::ostringstream out;
  out.imbue(census_test::grouped_digits());  // numbers are the same in any locale
  census::write_comparison_csv(out, censuses, census::columns_to_compare(censuses, {"remark"}));
  CHECK(out.str() == "census,layer,neurons,dead,dead_share,token_detectors,remark\n"
                     "first,0,10,3,0.25,3,1.5\n"
                     "first,1,10,3,0.5,4,\n"
                     "a longer name,1,10,3,,0,\n");
}

TEST_CASE("a cell that is no number reaches no comparison") {
  auto censuses = two_censuses();
  censuses[0].layers[1].cells.find("dead_share")->second = "=1+1";
  std::ostringstream out;
  CHECK_THROWS_WITH(census::write_comparison_csv(out, censuses, census::columns_to_compare(censuses)),
                    Catch::Contains("is no number"));
}

TEST_CASE("a name that no cell may hold reaches no comparison") {
  for (auto const* name : {"a,b", "=1+1", "two\nlines"}) {
    auto censuses = two_censuses();
    censuses[1].name = name;
    std::ostringstream out;
    CHECK_THROWS_AS(census::write_comparison_csv(out, censuses, census::columns_to_compare(censuses)),
                    std::invalid_argument);
  }
}

TEST_CASE("censuses are read by NAME=FOLDER, and two of one name are refused") {
  temporary_folder const folder;
  folder.write("one/layers.csv", "layer,neurons,dead\n0,1,0\n");
  folder.write("one/neurons.csv", "layer,neuron,firings\n0,0,5\n");
  folder.write("one/run.json", "{}");
  std::string const one = folder / "one";
  auto const read = census::read_censuses({one, "two=" + one});
  REQUIRE(read.size() == 2);
  CHECK(read[0].name == "one");
  CHECK(read[1].name == "two");
  CHECK(read[1].layers.size() == 1);
  CHECK_THROWS_WITH(census::read_censuses({one, "one=" + one}), Catch::Contains("a second census of the name one"));
  for (auto const* name : {"a,b", "+1", "-a", "@a", "\t1"})  // cells of their own, or a spreadsheet's formulas
    CHECK_THROWS_WITH(census::read_censuses({std::string(name) + "=" + one}),
                      Catch::Contains("names no census that a table could show"));
}
