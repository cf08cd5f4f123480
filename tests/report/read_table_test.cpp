// SPDX-License-Identifier: MIT
#include <census/accumulator/paper_tables.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/report/read_table.hpp>
#include <census/report/write_table.hpp>
#include <census/tabulation/merge_tables.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/random_blocks.hpp>
#include <support/temporary_folder.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace {

/// Whether the table by a key of random blocks is the same once it was written and read.
template <class Key>
void check_round_trip(Key const& key) {
  temporary_folder const folder;
  census::firings_by by{key};
  for (auto const& block : census_test::random_blocks({.texts = 9, .sequences = 30, .layers = 1})) by.observe(block);
  auto const table = by.table(0);
  REQUIRE(table.rows() > 0);
  census::write_table(folder / "table.safetensors", table);
  CHECK(census::read_table<census::key_of<Key>>(folder / "table.safetensors") == table);
}

/// A file as torch.save_file makes it of own counts.
template <class Count>
std::string written(temporary_folder const& folder, std::vector<std::int64_t> const& keys,
                    std::vector<Count> const& occurrences, std::vector<Count> const& counts, std::uint64_t neurons) {
  std::string const path = folder / "own.safetensors";
  auto const type = census::detail::dtype_code<Count>();
  census::safetensors_writer writer(path, {{"keys", "I64", {keys.size()}},
                                           {"occurrences", type, {occurrences.size()}},
                                           {"counts", type, {neurons == 0 ? 0 : counts.size() / neurons, neurons}}});
  writer.append("keys", std::span<std::int64_t const>(keys));
  writer.append("occurrences", std::span<Count const>(occurrences));
  writer.append("counts", std::span<Count const>(counts));
  writer.commit();
  return path;
}

}  // namespace

TEST_CASE("a table that was written and read is the table, whatever its keys") {
  namespace key = census::key;
  check_round_trip(key::nothing{});
  check_round_trip(key::token{});
  check_round_trip(key::position{});
  check_round_trip(key::document{});
  check_round_trip(key::begins_document{});
  check_round_trip(key::ngram<3>{});
  check_round_trip(key::tuple<key::domain, key::begins_document, key::token>{});
  check_round_trip([](census::token_at at) { return at.is_bos() ? "BOS" : at.token() > 6 ? "" : "small"; });
  check_round_trip([](census::token_at at) { return -static_cast<std::int16_t>(at.position()); });
}

TEST_CASE("a table that was read goes on: two halves merge into the whole") {
  temporary_folder const folder;
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::token_coverage whole, left, right;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    whole.observe(blocks[i]), (i % 2 == 0 ? left : right).observe(blocks[i]);
  census::write_table(folder / "left.safetensors", left.table(0));
  auto const read = census::read_table<census::token_id>(folder / "left.safetensors");
  CHECK(census::merge(read, right.table(0)) == whole.table(0));
}

TEST_CASE("counts of one's own are read in any order and any integer type, keys that did not occur left out") {
  temporary_folder const folder;
  auto const table = census::read_table<census::token_id>(
      written<std::int64_t>(folder, {30, 10, 20}, {5, 0, 300}, {1, 5, 0, 0, 299, 2}, 2));
  CHECK(table.keys == std::vector<census::token_id>{20, 30});
  CHECK(table.counts_of(20)[0] == 299);
  CHECK(census::read_table<census::token_id>(written<std::uint16_t>(folder, {20, 30}, {300, 5}, {299, 2, 1, 5}, 2)) ==
        table);
}

TEST_CASE("a file that holds no counts is refused with its name and what is wrong") {
  temporary_folder const folder;
  auto const complaint = [&](std::vector<std::int64_t> keys, std::vector<std::int64_t> occurrences,
                             std::vector<std::int64_t> counts, std::uint64_t neurons) {
    auto const path = written<std::int64_t>(folder, keys, occurrences, counts, neurons);
    return census_test::complaint_about(path, [&] { census::read_table<census::token_id>(path); });
  };
  CHECK(complaint({1, 2}, {4, 4}, {1, 2}, 1) == "nothing");
  CHECK(complaint({1, 2}, {4}, {1, 2}, 1) == "2 keys, 1 occurrences and 2 rows of counts");
  CHECK_THAT(complaint({1, 1}, {4, 4}, {1, 2}, 1), Catch::Contains("row 1 is that of row 0"));
  CHECK_THAT(complaint({1, 2}, {4, 4}, {1, 5}, 1), Catch::Contains("fired 5 times at a key that occurred 4"));
  CHECK_THAT(complaint({1, 2}, {4, -4}, {1, 2}, 1), Catch::Contains("occurred -4 times"));
  CHECK_THAT(complaint({1, -2}, {4, 4}, {1, 2}, 1), Catch::Contains("tensor keys: -2 is out of range"));
  CHECK_THAT(complaint({1, 1ll << 32}, {4, 4}, {1, 2}, 1), Catch::Contains("tensor keys: 4294967296 is out of range"));
}

TEST_CASE("a table of a type that is not known is refused before memory is taken for what its shape says") {
  temporary_folder const folder;
  std::string const header = R"({"keys":{"dtype":"U256","shape":[1099511627776,2],"data_offsets":[0,0]}})";
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  folder.write("own.safetensors", bytes + header);
  std::string const path = folder / "own.safetensors";
  CHECK(census_test::complaint_about(path, [&] { census::read_table<std::array<census::token_id, 2>>(path); }) ==
        "tensor keys holds a type that is not known, no integers");
}
