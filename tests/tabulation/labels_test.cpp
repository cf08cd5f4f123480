// SPDX-License-Identifier: MIT
#include <census/accumulator/firings_by.hpp>
#include <census/accumulator/laws.hpp>
#include <census/tabulation/labels.hpp>

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <string>
#include <vector>

namespace {

/// Document 0 in two pieces, document 1, each with BOS.
census::text_rows const labelled{
    {2, 10, 11, 2, 12, 2, 20, 21},
    {{.document = 0, .first_row = 0, .length = 3, .has_bos = true, .offset = 0},
     {.document = 0, .piece = 1, .first_row = 3, .length = 2, .has_bos = true, .offset = 2},
     {.document = 1, .first_row = 5, .length = 3, .has_bos = true}}};

census::block labelled_block() {
  return census::make_block(0, census::share(labelled),
                            {std::vector<float>{1, 1, 0, 1, 1, 1, 0, 1,  //
                                                0, 0, 1, 0, 1, 0, 0, 1},
                             2});
}

}  // namespace

TEST_CASE("labels from elsewhere go to tokens by document and place in it, across pieces") {
  census::firings_by by_label{census::key::labels<std::string>({{"noun", "verb", "noun"}, {"verb", "noun"}})};
  by_label.observe(labelled_block());
  auto const table = by_label.table(0);
  CHECK(table.keys == std::vector<std::string>{"noun", "verb"});
  CHECK(table.occurrences_of("noun") == 3);  // rows 1, 4 and 7
  CHECK(table.occurrences_of("verb") == 2);  // rows 2 and 6
  CHECK(table.counts_of("noun")[0] == 0);
  CHECK(table.counts_of("noun")[1] == 2);
  CHECK(table.counts_of("verb")[0] == 2);
}

TEST_CASE("documents without labels are left out, one with too few is refused by number") {
  auto const at = [&](std::size_t sequence, std::uint32_t row) {
    return census::token_at(labelled, labelled.sequences[sequence], row);
  };
  census::key::labels<int> const first_only({{7, 8, 9}}), second_only({{}, {5, 6}}), short_of_one({{7, 8}, {5, 6}});
  CHECK(first_only(at(1, 4)) == 9);
  CHECK(first_only(at(0, 0)) == std::nullopt);  // BOS
  CHECK(first_only(at(2, 6)) == std::nullopt);
  CHECK(second_only(at(0, 1)) == std::nullopt);
  CHECK(second_only(at(2, 7)) == 6);
  CHECK(short_of_one(at(0, 2)) == 8);
  CHECK_THROWS_WITH(short_of_one(at(1, 4)), "document 0: has 2 labels, but a token 2");
}

TEST_CASE("labels of a later piece are refused where the source did not say where it begins") {
  census::text_rows const later{{10}, {{.document = 0, .piece = 1, .length = 1}}};
  census::key::labels<int> const key({{7, 8, 9}});
  CHECK_THROWS_WITH(key(census::token_at(later, later.sequences[0], 0)), Catch::Contains("piece 1"));
}

TEST_CASE("labels are read from a file, a line a document") {
  temporary_folder const folder;
  CHECK(census::key::read_labels(folder.write("tags.txt", "NN VB  NN\r\n\nVB NN")) ==
        std::vector<std::vector<std::string>>{{"NN", "VB", "NN"}, {}, {"VB", "NN"}});
  std::string const missing = folder / "none.txt";
  CHECK(census_test::complaint_about(missing, [&] { census::key::read_labels(missing); }) == "cannot be read");
}
