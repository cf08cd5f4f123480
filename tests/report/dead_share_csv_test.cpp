// SPDX-License-Identifier: MIT
#include <census/report/dead_share_csv.hpp>

#include "csv_rows.hpp"
#include "surveyed_layers.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <sstream>
#include <string>

using census_test::surveyed;

TEST_CASE("dead_share.csv ends, in each layer, with what the whole text leaves dead") {
  auto const source = surveyed::blocks();
  census_test::recount const recount(source);
  std::ostringstream out;
  census::write_dead_share_csv(out, census_test::censuses_of(census_test::results_of(source)));
  auto rows = census_test::csv_rows(out.str());
  CHECK(rows.size() > 2 * surveyed::layers);
  std::size_t ends = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size() && rows[i + 1]["layer"] == rows[i]["layer"]) continue;
    auto const& layer = recount.neurons[ends++];
    CHECK(rows[i]["documents"] == std::to_string(surveyed::documents));
    CHECK(rows[i]["tokens"] == std::to_string(layer[0].tokens));
    auto const dead = std::ranges::count(layer, 0u, &census_test::recounted_neuron::firings);
    CHECK(std::stod(rows[i]["dead_share"]) == Approx(double(dead) / surveyed::neurons));
  }
  CHECK(ends == surveyed::layers);
}
