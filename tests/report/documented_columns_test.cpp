// SPDX-License-Identifier: MIT
// docs/results.md against the descriptors of columns and fields: no column without a line there, no line without a
// column, and of each the same formula; and examples/python/columns.json, which tells the types of columns.
#include <census/report/dead_share_csv.hpp>
#include <census/report/detectors_jsonl.hpp>
#include <census/report/layers_csv.hpp>
#include <census/report/neurons_csv.hpp>
#include <census/report/silent_neurons_csv.hpp>

#include <support/catch.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A line of a table as results.md has it: the first two cells.
std::string line_of(std::string const& name, std::string const& formula) { return "| `" + name + "` | " + formula; }

/// All names that a name with placeholders stands for, as results.md explains them.
std::vector<std::string> expanded(std::string const& name) {
  static std::map<std::string, std::vector<std::string>> const placeholders{
      {"{ngram}", {"bigram", "trigram", "4gram", "5gram"}},
      {"{bin}", {"1_5", "6_10", "11_50", "51_100", "101_1000", "above_1000"}},
      {"{type}", {"other", "one_extreme", "both_extremes", "oscillatory"}},
      {"{triggers}", {"triggers", "triggers_centred", "triggers_repeated", "triggers_repeated_centred"}}};
  auto const open = name.find('{'), close = name.find('}');
  if (open == std::string::npos) return {name};
  std::vector<std::string> names;
  for (auto const& value : placeholders.at(name.substr(open, close - open + 1)))
    for (auto const& whole : expanded(std::string(name).replace(open, close - open + 1, value))) names.push_back(whole);
  return names;
}

/// The lines of the table under a heading that begins with `file`.
std::multiset<std::string> documented(std::string const& file) {
  std::ifstream in(CENSUS_DOCS_FOLDER "/results.md");
  REQUIRE(in);
  std::multiset<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line.starts_with("## " + file + ",");
    if (!inside || !line.starts_with("| `")) continue;
    auto const end_of_name = line.find("` | "), formula = end_of_name + 4;
    REQUIRE(end_of_name != std::string::npos);
    auto const cell = line.substr(formula, line.find(" |", formula) - formula);
    for (auto const& name : expanded(line.substr(3, end_of_name - 3))) lines.insert(line_of(name, cell));
  }
  return lines;
}

template <class Descriptors>
void check(std::string const& file, Descriptors const& described) {
  std::multiset<std::string> lines;
  std::set<std::string> names;
  for (auto const& one : described) {
    lines.insert(line_of(one.name, std::string(one.meaning)));
    names.insert(one.name);
  }
  CHECK(names.size() == lines.size());  // no name twice
  auto const told = documented(file);
  std::vector<std::string> missing, unknown;
  std::ranges::set_difference(lines, told, std::back_inserter(missing));
  std::ranges::set_difference(told, lines, std::back_inserter(unknown));
  INFO(file << ": missing in docs/results.md, then unknown to the code");
  CHECK(missing == std::vector<std::string>{});
  CHECK(unknown == std::vector<std::string>{});
}

/// {column: type} of a table, as columns.json has it: types by the names that pandas gives to those whose cells may be
/// empty.
template <class Row>
nlohmann::ordered_json types_of(census::columns<Row> const& table) {
  static std::map<census::column_type, char const*> const names{{census::column_type::whole, "Int64"},
                                                                {census::column_type::real, "float64"},
                                                                {census::column_type::flag, "boolean"},
                                                                {census::column_type::text, "string"}};
  nlohmann::ordered_json types;
  for (auto const& column : table) types[column.name] = names.at(column.type);
  return types;
}

}  // namespace

TEST_CASE("docs/results.md has a line for each column and field, with its formula, and none for others") {
  std::vector<std::size_t> const ngrams{2, 3, 4, 5};
  check("neurons.csv", census::neuron_columns(ngrams));
  check("layers.csv", census::layer_columns(ngrams));
  check("dead_share.csv", census::dead_share_columns());
  check("detectors.jsonl", census::detector_fields());
}

TEST_CASE("examples/python/columns.json has the type of each column, and each field") {
  std::ifstream in(CENSUS_DOCS_FOLDER "/../examples/python/columns.json");
  REQUIRE(in);
  auto const told = nlohmann::ordered_json::parse(in);
  std::vector<std::size_t> const ngrams{2, 3, 4, 5};
  nlohmann::ordered_json const types{{"neurons.csv", types_of(census::neuron_columns(ngrams))},
                                     {"layers.csv", types_of(census::layer_columns(ngrams))},
                                     {"dead_share.csv", types_of(census::dead_share_columns())},
                                     {"silent_neurons.csv", types_of(census::silent_neuron_columns())}};
  for (auto const& [file, columns] : types.items()) {
    INFO("the types of " << file << " are " << columns.dump(2));
    CHECK(told.at(file) == columns);
  }

  std::vector<std::string> fields, told_fields;
  for (auto const& field : census::detector_fields()) fields.push_back(field.name);
  for (auto const& [field, type] : told.at("detectors.jsonl").items()) told_fields.push_back(field);
  CHECK(told_fields == fields);
}
