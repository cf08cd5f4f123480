// SPDX-License-Identifier: MIT
#include <census/report/read_table.hpp>
#include <census/report/write_table.hpp>

#include <support/catch.hpp>
#include <support/read_tensor.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <string>
#include <vector>

TEST_CASE("a table by token holds its tokens' bytes, whatever they are, beside keys, occurrences and counts") {
  temporary_folder const folder;
  census::firing_table<census::token_id> const table({3, 9, 70000}, std::vector{2, 300, 1},
                                                     std::vector{2, 0, 7, 300, 1, 0});
  std::vector<std::string> const strings{"a", std::string("\xff\0x", 3), ""};
  std::string const path = folder / "tokens.safetensors";
  census::write_table(path, table, strings);
  CHECK(census::read_table<census::token_id>(path) == table);
  CHECK(census::read_token_strings(path) == strings);

  census::safetensors_file const file(path);
  using census_test::read_tensor;
  CHECK(read_tensor<std::uint32_t>(file, "keys", {3}) == std::vector<std::uint32_t>{3, 9, 70000});
  CHECK(read_tensor<std::uint32_t>(file, "tokens", {3}) == std::vector<std::uint32_t>{3, 9, 70000});
  CHECK(read_tensor<std::int64_t>(file, "occurrences", {3}) == std::vector<std::int64_t>{2, 300, 1});
  CHECK(read_tensor<std::uint32_t>(file, "counts", {3, 2}) == std::vector<std::uint32_t>{2, 0, 7, 300, 1, 0});
  CHECK(read_tensor<std::int64_t>(file, "string_ends", {3}) == std::vector<std::int64_t>{1, 4, 4});
}

TEST_CASE("strings that are not one for each key are refused, and files without them have none") {
  temporary_folder const folder;
  census::firing_table<census::token_id> const table({3, 9}, std::vector{2, 3}, std::vector{2, 0});
  std::vector<std::string> const one{"a"};
  CHECK_THROWS_WITH(census::write_table(folder / "x.safetensors", table, one), Catch::Contains("1 strings for 2 keys"));
  census::write_table(folder / "x.safetensors", table);
  CHECK_THROWS_AS(census::read_token_strings(folder / "x.safetensors"), census::bad_input);
}
