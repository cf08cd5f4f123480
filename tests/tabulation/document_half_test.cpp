// SPDX-License-Identifier: MIT
#include <census/tabulation/document_half.hpp>
#include <census/tabulation/key.hpp>

#include <support/catch.hpp>

TEST_CASE("all of a document is in one half, and the halves are about equal, also among every other document") {
  STATIC_REQUIRE(census::key_function<census::key::document_half>);
  auto const half = [](std::uint64_t document, std::uint32_t row) {
    census::text_rows const text{{2, 5, 6}, {{.document = document, .length = 3, .has_bos = true}}};
    return census::key::document_half{}(census::token_at(text, text.sequences[0], row));
  };
  for (std::uint64_t const step : {1u, 2u, 1000u}) {
    int second = 0;
    for (std::uint64_t i = 0; i < 4000; ++i) {
      second += half(i * step, 0);
      CHECK(half(i * step, 2) == half(i * step, 0));
    }
    CHECK(second > 2000 - 130);  // four standard deviations of 31.6
    CHECK(second < 2000 + 130);
  }
}
