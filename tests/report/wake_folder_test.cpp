// SPDX-License-Identifier: MIT
#include <census/read_file.hpp>
#include <census/report/read_run_json.hpp>
#include <census/report/wake_folder.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

void write_search(std::filesystem::path const& where, std::vector<census::activating_input> const& found) {
  census::wake_folder folder(where);
  census::run_record run;
  run.settings = {{"seed", "7"}};
  folder.commit(run, found, {}, [](census::token_id token) { return std::to_string(token); });
}

}  // namespace

TEST_CASE("a search leaves its two tables and the record of what it was, and replaces those of an earlier one") {
  temporary_folder const out;
  write_search(out.path(), {});
  CHECK(census::read_file(out / "awakened.jsonl").empty());
  write_search(out.path(), {census::activating_input{1, 2, {5, 6}, 0.5f, "swaps"}});
  CHECK(census::read_file(out / "awakened.jsonl").find("\"text\":\"56\"") != std::string::npos);
  CHECK(census::read_file(out / "silent_neurons.csv").starts_with("layer,neuron,verdict"));
  auto const run = census::read_run_json(out / "wake.json");
  CHECK(run.settings.front().second == "7");
  CHECK(run.results == std::vector<std::string>{"awakened.jsonl", "silent_neurons.csv", "wake.json"});
}

TEST_CASE("a search knows its own files by their names") {
  for (auto const* name : {"awakened.jsonl", "silent_neurons.csv", "wake.json"})
    CHECK(census::wake_folder::writes(name));
  for (auto const* name : {"", "run.json", "neurons.csv", "wake.json.part"})
    CHECK_FALSE(census::wake_folder::writes(name));
}

TEST_CASE("a file that no search wrote is refused before the search, and a census in the folder stays") {
  temporary_folder const out;
  out.write("run.json", R"({"census":"0","files":["layers.csv","run.json"]})"), out.write("layers.csv", "a census");
  write_search(out.path(), {});
  CHECK(census::read_file(out / "layers.csv") == "a census");
  CHECK(std::filesystem::exists(out / "run.json"));

  temporary_folder const other;
  other.write("silent_neurons.csv", "mine");
  CHECK_THROWS_WITH(census::wake_folder(other.path()), Catch::Contains("silent_neurons.csv: is in the way"));
  CHECK(census::read_file(other / "silent_neurons.csv") == "mine");
  CHECK_THROWS_WITH(census::wake_folder(other / "silent_neurons.csv"), Catch::Contains("the folder cannot be made"));
}
