// SPDX-License-Identifier: MIT
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/laws.hpp>
#include <census/archive/restore.hpp>
#include <census/archive/store.hpp>
#include <census/survey/survey.hpp>

#include <support/catch.hpp>
#include <support/far_backend.hpp>
#include <support/random_blocks.hpp>
#include <support/without_temporary_folder.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

static_assert(census::accumulator<census::kept_firings, census::block>);
static_assert(!census::observer<census::kept_firings, far_away::block>);  // survey brings it to the host

namespace {

/// A block in host memory whose firings are no packed_firings.
struct other_host_block {
  census::block original;
  struct rows_of {
    census::packed_firings const* from;
    std::size_t rows() const { return from->rows(); }
    std::size_t neurons() const { return from->neurons(); }
    std::span<std::uint64_t const> row(std::size_t i) const { return from->row(i); }
  };
  std::uint32_t layer() const { return original.layer(); }
  census::shared_text const& text() const { return original.text(); }
  rows_of firings() const { return {&original.firings()}; }
};

}  // namespace

TEST_CASE("kept firings take the blocks of any backend: copied where they are not shared, brought where they are far") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::kept_firings kept, copied, brought;
  for (auto const& block : blocks) {
    kept.observe(block);
    copied.observe(other_host_block{block});
  }
  census::survey(sent(std::make_shared<far_away::device>(), blocks), brought);
  CHECK(copied == kept);
  CHECK(brought == kept);
}

TEST_CASE("kept firings keep the accumulator laws, in memory, in a file, or in both") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 2});
  for (std::uint64_t const memory : {~std::uint64_t{0}, std::uint64_t{0}, census::kept_firings::bytes(100, 70)})
    CHECK(census::broken_laws(census::kept_firings(memory), blocks) == std::vector<std::string>{});
}

TEST_CASE("kept firings are the firings that were observed, bit for bit, and as much of them in memory as is allowed") {
  auto const blocks = census_test::random_blocks({.neurons = 129, .layers = 1});
  std::uint64_t rows = 0;
  for (auto const& block : blocks) rows += block.firings().rows();
  for (std::uint64_t const memory :
       {census::kept_firings::bytes(rows, 129), census::kept_firings::bytes(rows, 129) - 1, std::uint64_t{0}}) {
    census::kept_firings kept(memory);
    for (auto const& block : blocks) kept.observe(block);
    CHECK(kept.held() <= memory);
    auto const layer = kept.at(0);
    CHECK(layer.in_memory() == (memory == census::kept_firings::bytes(rows, 129)));
    CHECK(layer.rows() == rows);
    REQUIRE(layer.parts().size() == blocks.size());
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      auto const& part = layer.parts()[b];
      CHECK(part.text == blocks[b].text());
      std::vector<std::uint64_t> words(2 * part.text->tokens.size());
      census::kept_layer::read(part, 1, 2, words);
      bool same = true;
      for (std::size_t row = 0; row < part.text->tokens.size(); ++row)
        for (std::size_t w = 0; w < 2; ++w) same &= words[2 * row + w] == blocks[b].firings().row(row)[1 + w];
      CHECK(same);
    }
  }
}

TEST_CASE("kept firings of a layer without neurons keep its text, and layers of different widths are unequal") {
  auto const text = census::share({{3, 4, 5}, {{.length = 3}}});
  auto const kept_of = [&](std::uint64_t memory, std::size_t neurons) {
    census::kept_firings kept(memory);
    std::shared_ptr<std::uint64_t[]> const silent(new std::uint64_t[6]());
    kept.observe(census::block(0, text, {silent, 3, neurons}));
    return kept;
  };
  for (std::uint64_t const memory : {~std::uint64_t{0}, std::uint64_t{0}}) {
    auto const none = kept_of(memory, 0);
    CHECK(none == kept_of(0, 0));
    CHECK_FALSE(none == census::kept_firings());
    auto restored = census::kept_firings(memory);
    census::restore(census::store(none), restored);
    CHECK(restored == none);
    CHECK(restored.at(0).rows() == 3);
    CHECK_FALSE(none == kept_of(memory, 1));
    CHECK_FALSE(kept_of(memory, 65) == kept_of(memory, 66));
    CHECK(kept_of(memory, 65) == kept_of(0, 65));
  }
}

TEST_CASE("kept firings of more neurons than can be numbered are not restored, though they have no bits") {
  census::kept_firings none;
  none.observe(census::block(0, census::share({{3, 4, 5}, {{.length = 3}}}), {nullptr, 3, 0}));
  auto const state = census::store(none);
  std::vector<std::vector<std::byte>> held;
  std::map<std::string, census::archive_reader::array> arrays;
  for (auto const& [path, stored] : state.arrays) {
    held.push_back(path == "neurons" ? std::vector<std::byte>(8, std::byte{0xff}) : stored.bytes());  // 2^64 - 1
    arrays[path] = {stored.type, held.back(), 0};
  }
  census::kept_firings restored;
  CHECK_THROWS_WITH(census::restore(census::archive_reader("a state", arrays), restored),
                    "a state: firings of 18446744073709551615 neurons; a layer has at most 2^32 - 1");
}

TEST_CASE("kept firings refuse to merge what they have observed, and stay as they were") {
  auto const blocks = census_test::random_blocks({.texts = 3, .layers = 1});
  census::kept_firings first, second;
  first.observe(blocks[0]);
  first.observe(blocks[1]);
  second.observe(blocks[1]);
  second.observe(blocks[2]);
  auto const before = first;
  CHECK_THROWS_WITH(first.merge(second),
                    Catch::Matchers::StartsWith("census: both sides of this merge have observed the same sequence"));
  CHECK(first == before);
  CHECK_FALSE(first == second);
}

TEST_CASE(
    "kept firings refuse another number of neurons in a layer, a layer never observed, and a folder that is none") {
  auto const blocks = census_test::random_blocks({.layers = 1}),
             wider = census_test::random_blocks({.neurons = 71, .layers = 1, .seed = 2});
  census::kept_firings kept, other;
  kept.observe(blocks[0]);
  other.observe(wider[0]);
  CHECK_THROWS_AS(kept.observe(wider[0]), std::invalid_argument);
  CHECK_THROWS_AS(kept.merge(other), std::invalid_argument);
  CHECK_THROWS_AS(kept.at(1), std::out_of_range);
  census::kept_firings nowhere(0, "/nonexistent/folder");
  CHECK_THROWS_WITH(nowhere.observe(blocks[0]),
                    Catch::Matchers::StartsWith("/nonexistent/folder: the file of firings cannot be made"));
  CHECK(nowhere == census::kept_firings());
}

TEST_CASE("kept firings ask for the folder for temporary files where a file is needed, and not before") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  without_temporary_folder const missing;
  census::kept_firings held, filed(0);
  CHECK_NOTHROW(held.observe(blocks[0]));
  CHECK_THROWS_WITH(filed.observe(blocks[0]),
                    Catch::Matchers::StartsWith("/no/such/folder: is no folder for temporary files (TMPDIR)"));
}
