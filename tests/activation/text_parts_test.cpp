// SPDX-License-Identifier: MIT
#include <census/activation/text_parts.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

census::text_parts cut(std::size_t rows_per_text, std::vector<std::size_t> const& lengths) {
  census::text_parts parts(rows_per_text);
  for (std::size_t const length : lengths) parts.append(length);
  return parts;
}

}  // namespace

TEST_CASE("a text holds as many whole sequences as fit, and at least one") {
  auto const parts = cut(10, {4, 6, 1, 12, 3, 7, 1});
  CHECK(parts.rows() == std::vector<std::size_t>{10, 1, 12, 10, 1});
  std::vector<std::uint64_t> sequences, rows;
  for (census::text_part const& part : parts.all())
    sequences.push_back(part.first_sequence), rows.push_back(part.first_row);
  CHECK(sequences == std::vector<std::uint64_t>{0, 2, 3, 4, 6});
  CHECK(rows == std::vector<std::uint64_t>{0, 10, 11, 23, 33});
  CHECK(parts.all().back().sequences == 1);
}

TEST_CASE("without sequences there is no text, and a text of no rows holds one sequence") {
  CHECK(cut(10, {}).all().empty());
  CHECK(cut(0, {2, 3}).rows() == std::vector<std::size_t>{2, 3});
}
