// SPDX-License-Identifier: MIT
#include <census/archive/safetensors_writer.hpp>
#include <census/report/read_tables_file.hpp>
#include <census/report/write_table.hpp>
#include <census/tabulation/firing_table.hpp>
#include <census/tabulation/merge_tables.hpp>
#include <census/token_id.hpp>

#include "surveyed_layers.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace {

/// A census of some layers, of which the first is layer 2.
std::vector<census::layer_result> from_layer_2() {
  auto results = census_test::results_of(census_test::surveyed::blocks());
  for (auto& layer : results) layer.census.layer += 2;
  return results;
}

void write_tables(std::string const& path, std::vector<census::layer_result> const& results,
                  std::vector<std::string> const& domains) {
  using surveyed = census_test::surveyed;
  census::tables_file written(path, {2, surveyed::layers, surveyed::neurons, domains, surveyed::context});
  for (auto const& layer : results) written.append(layer);
  written.commit();
}

}  // namespace

TEST_CASE("census.safetensors reads back as it was written, layer by layer") {
  auto const results = from_layer_2();
  temporary_folder const folder;
  using surveyed = census_test::surveyed;
  write_tables(folder / "x.safetensors", results, {"a", "b\"", "c"});

  census::stored_tables const read(folder / "x.safetensors");
  CHECK(read.shape().first_layer == 2);
  CHECK(read.shape().layers == surveyed::layers);
  CHECK(read.shape().neurons == surveyed::neurons);
  CHECK(read.shape().positions == surveyed::context);
  CHECK(read.shape().domains == std::vector<std::string>{"a", "b\"", "c"});
  for (std::size_t i = 0; i < results.size(); ++i) {
    auto const tables = read.at(i);
    CHECK(tables.layer == 2 + i);
    CHECK(census::firings(tables.everything) == results[i].census.liveness.firings);
    CHECK(census::tokens(tables.everything) == results[i].census.liveness.tokens);
    CHECK(tables.by_domain == results[i].by_domain);
    CHECK(tables.by_position == results[i].by_position);
  }
}

TEST_CASE("of tables by token those are read that the census lists, and one that is listed is not to be gone") {
  auto const results = from_layer_2();
  temporary_folder const folder;
  write_tables(folder / "x.safetensors", results, {"a", "b", "c"});
  census::write_table(folder / "tokens-2.safetensors", *results[0].by_token,
                      std::vector<std::string>(results[0].by_token->rows(), "a token"));

  auto const by_token = [&](std::size_t i, std::vector<std::string> const& listed) {
    return census::stored_tables(folder / "x.safetensors", listed).at(i).by_token;
  };
  CHECK(by_token(0, {}) == results[0].by_token);
  CHECK_FALSE(by_token(1, {}).has_value());
  CHECK(by_token(0, {"x.safetensors", "tokens-2.safetensors"}) == results[0].by_token);
  CHECK_FALSE(by_token(0, {"x.safetensors"}).has_value());
  CHECK_THROWS_WITH(by_token(1, {"x.safetensors", "tokens-3.safetensors"}),
                    Catch::Contains("tokens-3.safetensors: is missing, though run.json lists it"));
}

TEST_CASE("a table by token of another layer than its name says is refused by name, whatever it has more or less of") {
  auto const results = from_layer_2();
  temporary_folder const folder;
  write_tables(folder / "x.safetensors", results, {"a", "b", "c"});
  auto const read_with = [&](census::firing_table<census::token_id> const& table) {
    census::write_table(folder / "tokens-2.safetensors", table, std::vector<std::string>(table.rows(), "a token"));
    return census::stored_tables(folder / "x.safetensors").at(0);
  };
  auto const refuses = Catch::Contains("tokens-2.safetensors: is of another layer, or of another census");
  CHECK_THROWS_WITH(read_with(*results[1].by_token), refuses);
  auto const& own = *results[0].by_token;
  CHECK(read_with(own).by_token == own);
  CHECK_THROWS_WITH(read_with(census::merge(own, own)), refuses);
  std::vector<std::uint64_t> occurrences;
  for (std::size_t row = 0; row < own.rows(); ++row) occurrences.push_back(own.occurrences(row));
  census::firing_table<census::token_id> const silent(own.keys, occurrences,
                                                      std::vector<std::uint32_t>(own.rows() * own.neurons(), 0));
  CHECK_THROWS_WITH(read_with(silent), refuses);
}

TEST_CASE("two censuses have the same counts where all of them are, whatever their domains are called") {
  using surveyed = census_test::surveyed;
  temporary_folder const folder;
  auto const stored = [&](std::string const& name, std::vector<std::string> const& domains, std::uint64_t more) {
    auto results = census_test::results_of(surveyed::blocks());
    results.back().census.liveness.firings.back() += more;
    census::tables_file written(folder / name, {0, surveyed::layers, surveyed::neurons, domains, surveyed::context});
    for (auto const& layer : results) written.append(layer);
    written.commit();
    return census::stored_tables(folder / name);
  };
  auto const one = stored("one", {"a", "b", "c"}, 0);
  CHECK(one.has_counts_of(stored("same", {"d", "e", "f"}, 0)));
  CHECK_FALSE(one.has_counts_of(stored("other", {"a", "b", "c"}, 1)));
  CHECK_FALSE(one.has_counts_of(stored("wider", {"a", "b", "c", "d"}, 0)));
}

TEST_CASE("layers of other numbers of tokens are refused") {
  temporary_folder const folder;
  std::vector<std::int64_t> const ones{1, 1}, tokens{5, 6};
  census::safetensors_writer file(folder / "x.safetensors",
                                  {{"firings", "I64", {2, 1}},
                                   {"firings_by_domain", "I64", {2, 1, 1}},
                                   {"firings_by_position", "U32", {2, 0, 1}},
                                   {"tokens", "I64", {2}},
                                   {"tokens_by_domain", "I64", {2, 1}},
                                   {"full_sequences", "I64", {2}}},
                                  {{"first_layer", "3"}, {"domains", R"(["a"])"}});
  for (auto const* name : {"firings", "firings_by_domain", "tokens", "tokens_by_domain", "full_sequences"})
    file.append(name, std::span<std::int64_t const>(std::string(name) == "tokens" ? tokens : ones));
  file.commit();
  CHECK_THROWS_WITH(census::stored_tables(folder / "x.safetensors"),
                    Catch::Contains("x.safetensors: layer 4 is of 6 tokens, and those before it of 5"));
}

TEST_CASE("a census.safetensors that is none, or whose counts cannot be, is refused by name") {
  temporary_folder const folder;
  // One layer of one neuron, one domain, two positions.
  auto const written = [&](std::vector<std::int64_t> const& tokens, std::map<std::string, std::string> const& metadata,
                           std::uint64_t neurons_by_domain = 1) {
    census::safetensors_writer file(folder / "x.safetensors",
                                    {{"firings", "I64", {1, 1}},
                                     {"firings_by_domain", "I64", {1, 1, neurons_by_domain}},
                                     {"firings_by_position", "U32", {1, 2, 1}},
                                     {"tokens", "I64", {1}},
                                     {"tokens_by_domain", "I64", {1, 1}},
                                     {"full_sequences", "I64", {1}}},
                                    metadata);
    std::vector<std::int64_t> const one{1}, by_domain(neurons_by_domain, 1);
    std::vector<std::uint32_t> const by_position{1, 0};
    file.append("firings", std::span<std::int64_t const>(one));
    file.append("firings_by_domain", std::span<std::int64_t const>(by_domain));
    file.append("firings_by_position", std::span<std::uint32_t const>(by_position));
    file.append("tokens", std::span<std::int64_t const>(tokens));
    file.append("tokens_by_domain", std::span<std::int64_t const>(tokens));
    file.append("full_sequences", std::span<std::int64_t const>(one));
    file.commit();
    census::stored_tables const read(folder / "x.safetensors");
    return read.at(0);
  };
  std::map<std::string, std::string> const told{{"first_layer", "3"}, {"domains", R"(["a"])"}};
  CHECK(written({2}, told).layer == 3);
  using Catch::Contains;
  CHECK_THROWS_WITH(written({0}, told), Contains("x.safetensors") && Contains("layer 3"));
  CHECK_THROWS_WITH(written({-2}, told), Contains("x.safetensors"));
  CHECK_THROWS_WITH(written({2}, told, 2), Contains("tensor firings_by_domain is not of the shape"));
  CHECK_THROWS_WITH(written({2}, {{"domains", R"(["a"])"}}), Contains("do not tell first_layer"));
  CHECK_THROWS_WITH(written({2}, {{"first_layer", "-1"}, {"domains", R"(["a"])"}}), Contains("first_layer is"));
  CHECK_THROWS_WITH(written({2}, {{"first_layer", "3"}, {"domains", "3"}}), Contains("no list"));
  CHECK_THROWS_WITH(census::stored_tables(folder.write("y.safetensors", "none")), Contains("y.safetensors"));
}
