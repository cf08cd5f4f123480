// SPDX-License-Identifier: MIT
#include <census/tabulation/key_rows.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using groups = std::vector<census::row_group>;
using row_numbers = std::vector<std::uint32_t>;

groups groups_of(census::key_rows const& of) { return {of.groups().begin(), of.groups().end()}; }
row_numbers order_of(census::key_rows const& of) { return {of.order().begin(), of.order().end()}; }

}  // namespace

TEST_CASE("rows of a text are grouped by the row of the table that counts them, and what is not counted is left out") {
  census::key_rows const made(row_numbers{7, 2, census::not_counted, 7, 7, 2});
  CHECK(made.rows() == 6);
  CHECK(made.table_rows() == 8);
  CHECK(groups_of(made) == groups{{2, 0, 2}, {7, 2, 5}});
  CHECK(order_of(made) == row_numbers{1, 5, 0, 3, 4});
}

TEST_CASE("a text without rows, or none of whose rows is counted, has no groups") {
  census::key_rows const none, all_left_out(row_numbers(3, census::not_counted));
  CHECK((none.rows() == 0 && none.table_rows() == 0 && none.groups().empty() && none.order().empty()));
  CHECK((all_left_out.rows() == 3 && all_left_out.table_rows() == 0 && all_left_out.groups().empty()));
}

TEST_CASE("rows are grouped by keys of any type, whose row of the table is asked for once, in ascending order") {
  std::vector<std::pair<std::string, std::uint32_t>> counted{{"b", 0}, {"a", 1}, {"b", 4}, {"c", 2}, {"a", 5}};
  std::vector<std::string> asked;
  census::key_rows const made(6, counted, [&](std::string const& key) {
    asked.push_back(key);
    return key == "a" ? 30u : key == "b" ? 10u : 20u;
  });
  CHECK(asked == std::vector<std::string>{"a", "b", "c"});
  CHECK(groups_of(made) == groups{{30, 0, 2}, {10, 2, 4}, {20, 4, 5}});
  CHECK(order_of(made) == row_numbers{1, 5, 0, 4, 2});
  CHECK(made.table_rows() == 31);
}

TEST_CASE("every row of a text is in the group of its row of the table, and in no other") {
  std::mt19937 random(23);
  for (std::uint32_t const keys : {1u, 2u, 257u, 70'000u, census::not_counted})
    for (std::size_t const count : {1, 2, 5000}) {
      row_numbers table_row(count);
      for (std::uint32_t& row : table_row) row = random() % 8 == 0 ? census::not_counted : random() % keys;
      census::key_rows const made(table_row);
      row_numbers told(count, census::not_counted);
      std::uint32_t next = 0;
      for (census::row_group const& group : made.groups()) {
        CHECK(group.first == next);
        CHECK(group.size() > 0);
        CHECK(std::is_sorted(made.order().begin() + group.first, made.order().begin() + group.last));
        for (; next < group.last; ++next) told[made.order()[next]] = group.table_row;
      }
      CHECK(next == made.order().size());
      CHECK(told == table_row);
      CHECK(std::ranges::is_sorted(made.groups(), std::less{}, &census::row_group::table_row));
    }
}

TEST_CASE("rows in any order are grouped by numbers of any width, small or large, ascending in each group") {
  std::mt19937 random(5);
  auto const check = [&]<class Key>(Key, std::uint64_t keys, bool shuffled) {
    std::vector<std::pair<Key, std::uint32_t>> counted;
    for (std::uint32_t row = 0; row < 300; ++row) counted.emplace_back(static_cast<Key>(random() % keys), row);
    if (shuffled) std::shuffle(counted.begin(), counted.end(), random);
    std::map<Key, row_numbers> expected;
    for (auto const& [key, row] : counted) expected[key].push_back(row);
    std::vector<Key> asked;
    census::key_rows const made(300, counted, [&](Key key) {
      asked.push_back(key);
      return static_cast<std::uint32_t>(asked.size() - 1);
    });
    REQUIRE(asked.size() == expected.size());
    for (auto asked_key = asked.begin(); auto& [key, rows] : expected) {
      std::ranges::sort(rows);
      census::row_group const& group = made.groups()[static_cast<std::size_t>(asked_key - asked.begin())];
      CHECK(*asked_key++ == key);
      CHECK(std::ranges::equal(made.order().subspan(group.first, group.size()), rows));
    }
  };
  for (bool const shuffled : {false, true})
    for (std::uint64_t const keys : {1, 7, 250, 70'000}) {
      check(std::uint8_t{}, keys, shuffled), check(std::uint16_t{}, keys, shuffled);
      check(std::uint32_t{}, keys, shuffled), check(std::uint64_t{}, keys, shuffled);
    }
}

TEST_CASE("a copy shares with its original, and with nothing else that is equal to it") {
  census::key_rows const made(row_numbers{0, 1}), equal(row_numbers{0, 1});
  census::key_rows copy = equal;
  CHECK_FALSE(copy.shares_with(made));
  copy = made;
  CHECK(copy.shares_with(made));
  CHECK(copy.order().data() == made.order().data());
}
