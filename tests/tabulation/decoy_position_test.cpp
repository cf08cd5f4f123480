// SPDX-License-Identifier: MIT
#include <census/tabulation/decoy_position.hpp>
#include <census/tabulation/key.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace {

std::vector<std::optional<std::uint32_t>> decoys(std::uint64_t document, std::uint32_t piece, std::uint32_t length,
                                                 bool full = true) {
  census::text_rows const text{
      std::vector<census::token_id>(length + 3, 5),
      {{.document = 0, .length = 3},
       {.document = document, .piece = piece, .first_row = 3, .length = length, .full = full}}};
  std::vector<std::optional<std::uint32_t>> keys;
  for (std::uint32_t row = 3; row < length + 3; ++row)
    keys.push_back(census::key::decoy_position{}(census::token_at(text, text.sequences[1], row)));
  return keys;
}

}  // namespace

TEST_CASE("a decoy rotates positions 1 to T-1 of a full sequence and leaves position 0 and short sequences out") {
  STATIC_REQUIRE(census::key_function<census::key::decoy_position>);
  for (std::uint32_t const length : {2u, 3u, 17u}) {
    auto const keys = decoys(8, 1, length);
    CHECK(keys[0] == std::nullopt);
    std::set<std::uint32_t> met;
    for (std::uint32_t p = 1; p < length; ++p) {
      met.insert(*keys[p]);
      if (p > 1) CHECK(*keys[p] == (*keys[p - 1] == length - 1 ? 1 : *keys[p - 1] + 1));
    }
    CHECK(met.size() == length - 1);
    CHECK(*met.begin() == 1);
    CHECK(*met.rbegin() == length - 1);
  }
  CHECK(decoys(8, 1, 1) == std::vector<std::optional<std::uint32_t>>{std::nullopt});
  CHECK(decoys(8, 1, 9, false) == std::vector<std::optional<std::uint32_t>>(9));
}

TEST_CASE("offsets hang on document and piece, and each is about as frequent as the other") {
  CHECK(decoys(8, 1, 500) == decoys(8, 1, 500));
  CHECK(decoys(8, 1, 500) != decoys(8, 2, 500));
  CHECK(decoys(8, 1, 500) != decoys(9, 1, 500));
  std::vector<int> by_offset(11);
  for (std::uint64_t document = 0; document < 1000; ++document)
    for (std::uint32_t piece = 0; piece < 11; ++piece) ++by_offset[*decoys(document, piece, 12)[1] - 1];
  for (int const count : by_offset) {
    CHECK(count > 1000 - 151);  // five standard deviations of 30.2
    CHECK(count < 1000 + 151);
  }
}
