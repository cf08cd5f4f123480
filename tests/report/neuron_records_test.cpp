// SPDX-License-Identifier: MIT
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/report/neuron_records.hpp>

#include "small_export.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <string>
#include <vector>

TEST_CASE("a neuron is a NeuronRecord, with what a census does not hold at the record's empty defaults") {
  temporary_folder const folder;
  census_test::write_small_census(folder);
  census::whole_folder out(folder.path() / "out");
  std::vector<std::uint64_t> told;
  census::export_neuron_records(folder.path(), out, [&](auto done, auto in_all) {
    told.insert(told.end(), {done, in_all});
  });
  out.commit();
  auto const read = [&](std::string const& name) {
    return census::parse_json(census::read_file(folder.path() / "out" / name), name);
  };
  auto const binned = read("0/1.json"), silent = read("0/2.json"), plain = read("1/2.json");
  CHECK(binned.at("dataclass_name") == "NeuronRecord");
  CHECK(binned.at("neuron_id").dump() == R"({"dataclass_name":"NeuronId","layer_index":0,"neuron_index":1})");
  auto const& most = binned.at("most_positive_activation_records");
  REQUIRE(most.size() == 2);
  CHECK(most[0].at("dataclass_name") == "ActivationRecord");
  CHECK(most[0].at("tokens")[0] == census_test::hostile_text);
  CHECK(most[0].at("activations").dump() == "[0.25,2.5,0.0]");
  CHECK(binned.at("random_sample").size() == 2);
  CHECK(binned.at("random_sample_by_quantile")[1][0] == most[0]);
  CHECK(binned.at("quantile_boundaries").dump() == "[2.5]");
  CHECK(plain.at("random_sample_by_quantile").is_null());
  CHECK(plain.at("quantile_boundaries").is_null());
  CHECK(plain.at("most_positive_activation_records").size() == 1);
  CHECK(silent.at("most_positive_activation_records").empty());
  CHECK(told == std::vector<std::uint64_t>{1, 6, 2, 6, 3, 6, 4, 6, 5, 6, 6, 6});
  for (auto const* moment : {"mean", "variance", "skewness", "kurtosis"}) CHECK(plain.at(moment).is_null());
}
