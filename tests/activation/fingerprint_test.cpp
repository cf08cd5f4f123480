// SPDX-License-Identifier: MIT
#include <census/activation/fingerprint.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

TEST_CASE(
    "a sequence's fingerprint hangs on its document, its piece and its tokens in their order, and on nothing else") {
  census::text_rows const text{{7, 5, 6, 9}, {{.length = 1}, {.document = 3, .piece = 1, .first_row = 1, .length = 2}}};
  auto const print = [](std::vector<census::token_id> tokens, census::sequence sequence) {
    sequence.length = static_cast<std::uint32_t>(tokens.size());
    return census::fingerprint({std::move(tokens), {sequence}}, sequence);
  };
  census::sequence const same{.document = 3, .piece = 1, .domain = 2, .full = true, .has_bos = true};
  std::uint64_t const expected = print({5, 6}, same);
  CHECK(census::fingerprint(text, text.sequences[1]) == expected);
  CHECK(census::fingerprints(text).at(1) == expected);
  std::set const others{print({6, 5}, same),
                        print({5}, same),
                        print({5, 6, 6}, same),
                        print({5, 6}, {.document = 4, .piece = 1}),
                        print({5, 6}, {.document = 3, .piece = 2}),
                        print({5, 6}, {.document = 1, .piece = 3})};
  CHECK(others.size() == 6);
  CHECK_FALSE(others.contains(expected));
}

TEST_CASE("the fingerprints of several texts come in ascending order, whatever the order of the texts") {
  census::text_rows rows{{7, 5}, {{.length = 1}, {.document = 3, .first_row = 1, .length = 1}}};
  auto const one = census::share(rows);
  rows.tokens = {8, 9};
  auto const other = census::share(rows);
  auto const all = census::sorted_fingerprints({one, other});
  CHECK(all.size() == 4);
  CHECK(std::ranges::is_sorted(all));
  CHECK(census::sorted_fingerprints({other, one}) == all);
  CHECK(std::ranges::count(all, census::fingerprints(*other).at(1)) == 1);
}
