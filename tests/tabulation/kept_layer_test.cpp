// SPDX-License-Identifier: MIT
#include <census/tabulation/kept_layer.hpp>

#include <support/catch.hpp>
#include <support/kept_layers.hpp>
#include <support/random_blocks.hpp>

#include <random>

using census_test::kept_in;

TEST_CASE("a kept layer counts its rows, and those of them that lie in a file") {
  auto const blocks = census_test::random_blocks({.texts = 3, .neurons = 130, .layers = 1});
  std::uint64_t rows = 0;
  for (auto const& block : blocks) rows += block.firings().rows();
  auto const in_memory = keep_layer(blocks, kept_in::memory), in_file = keep_layer(blocks, kept_in::file),
             in_both = keep_layer(blocks, kept_in::both);
  for (auto const* layer : {&in_memory, &in_file, &in_both}) {
    CHECK(layer->rows() == rows);
    CHECK(layer->neurons() == 130);
    CHECK(layer->words_per_row() == 3);
    CHECK(layer->texts().size() == 3);
    CHECK(layer->texts()[2] == blocks[2].text());
  }
  CHECK(in_memory.in_memory());
  CHECK(in_memory.rows_in_file() == 0);
  CHECK_FALSE(in_both.in_memory());
  CHECK(in_both.rows_in_file() == blocks[1].firings().rows());
  CHECK(in_file.rows_in_file() == rows);
}

TEST_CASE("some words of a part are read alike from memory and from a file, past 4096 rows, too") {
  std::mt19937 random(2);
  std::size_t const rows = 9000, neurons = 300;
  std::vector<float> values;
  for (std::size_t i = 0; i < rows * neurons; ++i) values.push_back(random() % 3 == 0 ? 1.f : 0.f);
  census::text_rows text{std::vector<census::token_id>(rows, 5), {{.length = static_cast<std::uint32_t>(rows)}}};
  std::vector<census::block> const blocks{census::make_block(0, census::share(text), {std::move(values), neurons})};
  for (auto const where : {kept_in::memory, kept_in::file}) {
    auto const layer = keep_layer(blocks, where);
    for (auto const& [first, count] : {std::pair(0, 5), std::pair(1, 3), std::pair(4, 1)}) {
      auto const width = static_cast<std::size_t>(count);
      std::vector<std::uint64_t> words(rows * width);
      census::kept_layer::read(layer.parts()[0], static_cast<std::size_t>(first), width, words);
      bool same = true;
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t w = 0; w < width; ++w)
          same &= words[row * width + w] == blocks[0].firings().row(row)[static_cast<std::size_t>(first) + w];
      CHECK(same);

      std::size_t const first_row = 4090;  // some rows from there on
      std::vector<std::uint64_t> some(20 * width);
      census::kept_layer::read(layer.parts()[0], static_cast<std::size_t>(first), width, some, first_row);
      CHECK(std::equal(some.begin(), some.end(), words.begin() + static_cast<std::ptrdiff_t>(first_row * width)));
    }
  }
}

TEST_CASE("a kept layer refuses a part of another shape than its own or its text's") {
  auto const blocks = census_test::random_blocks({.layers = 1});
  census::kept_layer layer(blocks[0].firings().neurons()), wider(71);
  CHECK_THROWS_AS(wider.add({blocks[0].text(), blocks[0].firings()}), std::invalid_argument);
  CHECK_THROWS_AS(layer.add({nullptr, blocks[0].firings()}), std::invalid_argument);
  REQUIRE(blocks[0].firings().rows() != blocks[1].firings().rows());
  CHECK_THROWS_AS(layer.add({blocks[0].text(), blocks[1].firings()}), std::invalid_argument);
  CHECK(layer.rows() == 0);
  CHECK(layer.parts().empty());
}
