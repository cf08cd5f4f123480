// SPDX-License-Identifier: MIT
#include <census/accumulator/observed_text.hpp>

#include <support/catch.hpp>

#include <random>
#include <set>
#include <vector>

namespace {

using prints = std::vector<std::uint64_t>;

bool disjoint(census::observed_text const& a, census::observed_text const& b) {
  try {
    a.check_disjoint(b);
    return true;
  } catch (std::invalid_argument const&) {
    return false;
  }
}

}  // namespace

TEST_CASE("a sequence is known in the layer that observed it, and in no other") {
  census::observed_text one, other;
  one.note(3, prints{10, 20, 30});
  CHECK(disjoint(one, other));
  other.note(2, prints{20});
  CHECK(disjoint(one, other));
  CHECK(disjoint(other, one));
  other.note(3, prints{40, 20});
  CHECK_FALSE(disjoint(one, other));
  CHECK_FALSE(disjoint(other, one));
  CHECK_THROWS_WITH(one.check_disjoint(other), Catch::Contains("in layer 3"));
}

TEST_CASE("layers that observe the same sequences in another order, or some of them, are told apart") {
  census::observed_text one;
  one.note(0, prints{1, 2, 3});
  one.note(1, prints{1, 2});  // as layer 0 began
  one.note(2, prints{3, 1});  // in another order
  one.note(1, prints{7});     // and goes on otherwise
  auto const knows = [&](std::uint32_t layer, std::uint64_t print) {
    census::observed_text asked;
    asked.note(layer, prints{print});
    return !disjoint(one, asked);
  };
  for (std::uint64_t const print : {1, 2, 3, 7}) {
    CHECK(knows(0, print) == (print <= 3));
    CHECK(knows(1, print) == (print == 1 || print == 2 || print == 7));
    CHECK(knows(2, print) == (print == 1 || print == 3));
  }
}

TEST_CASE("merging puts together what both have observed") {
  census::observed_text one, other, asked;
  one.note(0, prints{1, 2});
  other.note(0, prints{3});
  other.note(5, prints{1});
  one.merge(other);
  for (auto const& [layer, print] : {std::pair{0u, 1u}, {0u, 2u}, {0u, 3u}, {5u, 1u}}) {
    census::observed_text same;
    same.note(layer, prints{print});
    CHECK_FALSE(disjoint(one, same));
  }
  asked.note(5, prints{2, 3});
  CHECK(disjoint(one, asked));
}

TEST_CASE("a sequence that comes again, in the same block or a later one, is named, in another layer it is new") {
  census::text_rows const text{{5, 6, 5, 6, 5},
                               {{.document = 3, .length = 2},
                                {.document = 4, .piece = 9, .first_row = 2, .length = 2},
                                {.document = 3, .piece = 1, .first_row = 4, .length = 1}}};
  auto const all = fingerprints(text);
  census::observed_text observed;
  CHECK_NOTHROW(observed.check_new(2, text, all));
  observed.note(2, all);
  CHECK_NOTHROW(observed.check_new(1, text, all));
  CHECK_THROWS_WITH(observed.check_new(2, text, all),
                    Catch::Contains("layer 2: the sequence of document 3, piece 0 was observed before"));
  CHECK_THROWS_WITH(observed.check_new(0, text, prints{all[0], all[1], all[1]}),
                    Catch::Contains("document 4, piece 9 comes twice"));
}

TEST_CASE("what was observed is known exactly, whatever the order of layers, sequences and merges") {
  std::mt19937 random(5);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<std::set<std::uint64_t>> known(3);
    census::observed_text all;
    for (int part = 0; part < 6; ++part) {
      census::observed_text here;
      for (int note = 0; note < 8; ++note) {
        std::uint32_t const layer = random() % 3;
        prints fresh;
        for (std::uint64_t print = random() % 40; fresh.size() < 1 + random() % 9; print += 1 + 64 * (random() % 2))
          if (known[layer].insert(print).second) fresh.push_back(print);
        here.note(layer, fresh);
      }
      CHECK(disjoint(all, here));
      all.merge(here);
    }
    for (std::uint32_t layer = 0; layer < 3; ++layer)
      for (std::uint64_t print = 0; print < 700; ++print) {
        census::observed_text asked;
        asked.note(layer, prints{print});
        CHECK(disjoint(all, asked) != known[layer].contains(print));
      }
  }
}

TEST_CASE("a layer tells the sequences that it observed, whatever others did") {
  census::observed_text text;
  text.note(0, prints{1, 2, 3});
  text.note(1, prints{2, 3});
  text.note(1, prints{7});
  CHECK(text.in_layer(0) == prints{1, 2, 3});
  CHECK(text.in_layer(1) == prints{2, 3, 7});
  CHECK(text.in_layer(2).empty());
}
