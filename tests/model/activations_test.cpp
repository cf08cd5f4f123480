// SPDX-License-Identifier: MIT
#include <census/corpus/corpus.hpp>
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>

#include "block_bits.hpp"
#include "broken_model.hpp"
#include "small_model.hpp"

#include <support/catch.hpp>

#include <tbb/global_control.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

TEST_CASE("a running model is an activation source that can be resumed, and its layers a layered source") {
  using source = decltype(census::activations(std::declval<census::model>(), three_texts()));
  STATIC_REQUIRE(census::activation_source<source>);
  STATIC_REQUIRE(census::resumable_source<source>);
  STATIC_REQUIRE(census::layered_source<decltype(census::layers(std::declval<census::model>(), three_texts()))>);
  STATIC_REQUIRE(census::text_supplier<census::corpus>);
}

TEST_CASE("a model yields the asked layers of each text in turn, on whole texts") {
  auto const texts = three_texts();
  std::vector<std::pair<std::uint32_t, census::shared_text>> seen;
  for (census::block const& block : census::activations(small_model({.layers = 3}), texts, {.layers = {1, 3}})) {
    seen.emplace_back(block.layer(), block.text());
    CHECK(block.values().rows() == block.text()->tokens.size());
    CHECK(block.values().neurons() == 70);
    for (std::size_t i = 0; i < block.firings().rows(); ++i)
      for (std::size_t n = 0; n < 70; ++n) REQUIRE(block.firings().fires(i, n) == (block.values().row(i)[n] > 0));
  }
  std::vector<std::pair<std::uint32_t, census::shared_text>> expected;
  for (auto const& text : texts)
    for (std::uint32_t const layer : {1, 2}) expected.emplace_back(layer, text);
  CHECK(seen == expected);
}

TEST_CASE("a corpus can stand where the texts do") {
  census::corpus const corpus({"words"}, {{random_sequence(40, 50), 0}, {random_sequence(3, 50), 0}}, 2,
                              {.context = 16});
  auto const model = small_model();
  CHECK(bits_by_layer(census::activations(model, corpus, {.rows_per_block = 16})) ==
        bits_by_layer(census::activations(model, corpus)));
  std::size_t rows = 0;
  for (census::block const& block : census::activations(model, corpus, {.layers = {0, 1}}))
    rows += block.firings().rows();
  CHECK(rows == corpus.tokens());
}

TEST_CASE("a source goes on after blocks that are skipped") {
  auto const model = small_model({.layers = 3});
  std::vector<census::block> all;
  for (census::block const& block : census::activations(model, three_texts())) all.push_back(block);
  REQUIRE(all.size() == 9);
  for (std::size_t const skipped : {0, 2, 3, 7, 9}) {
    auto source = census::activations(model, three_texts());
    source.skip(skipped);
    std::size_t at = skipped;
    for (census::block const& block : source) {
      bits expected, got;
      append(expected, all.at(at++)), append(got, block);
      CHECK(got == expected);
    }
    CHECK(at == 9);
  }
}

TEST_CASE("blocks that are kept stay what they were") {
  auto const model = small_model();
  std::vector<census::block> kept;
  for (census::block const& block : census::activations(model, three_texts())) kept.push_back(block);
  CHECK(bits_by_layer(kept) == bits_by_layer(census::activations(model, three_texts())));
}

TEST_CASE("the firing predicate is a parameter of the source") {
  census::source_options<census::fires_above> const options{.fires = {0.5f}};
  for (census::block const& block : census::activations(small_model(), three_texts(), options))
    for (std::size_t n = 0; n < 70; ++n) REQUIRE(block.firings().fires(0, n) == (block.values().row(0)[n] > 0.5f));
}

TEST_CASE("a sequence's bits do not depend on its neighbours, the batch or the threads, in any variant") {
  random_model shape{.hidden = 128, .heads = 4, .ffn = 520, .layers = 2, .vocabulary = 300, .positions = 512};
  bool const as_350m = GENERATE(false, true);
  if (as_350m) shape.embedding = 40, shape.norm_first = false, shape.activation = "silu";
  auto const model = small_model(shape);
  std::vector<std::size_t> const lengths{1, 7, 129, 511};
  std::map<std::pair<std::size_t, std::uint32_t>, bits> alone;  // by length and layer
  std::vector<tokens> sequences;
  for (auto const length : lengths) {
    sequences.push_back(random_sequence(length, 300));
    for (auto const& [layer, its] : bits_by_layer(census::activations(model, std::vector{text_of({sequences.back()})})))
      alone[{length, layer}] = its;
  }

  for (int const threads : {1, 2, 4}) {
    tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
    for (std::size_t turn = 0; turn < lengths.size(); ++turn) {  // each sequence comes first, last and among others
      std::ranges::rotate(sequences, sequences.begin() + 1);
      bool equal = true;
      for (bool const together : {true, false}) {
        std::vector<census::shared_text> texts;
        if (together)
          texts = {text_of(sequences)};
        else
          texts = {text_of({sequences[0], sequences[1]}), text_of({sequences[2]}), text_of({sequences[3]})};
        std::map<std::uint32_t, bits> expected;
        for (std::uint32_t const layer : {0, 1})
          for (auto const& s : sequences)
            std::ranges::copy(alone.at({s.size(), layer}), std::back_inserter(expected[layer]));
        equal &= bits_by_layer(census::activations(model, texts)) == expected;
        std::map<std::uint32_t, bits> by_layers;
        for (auto&& layer : census::layers(model, texts)) by_layers.merge(bits_by_layer(layer));
        equal &= by_layers == expected;
      }
      CHECK(equal);
    }
  }
}

TEST_CASE("an activation that is NaN is refused, naming layer, document and token") {
  temporary_folder folder;  // finite weights whose sums are not
  write_spoiled(folder, "layers.1.self_attn.v_proj.weight", [](auto& t) { std::ranges::fill(t.values, 3e38f); });
  auto const model = census::open_model(folder.path());
  std::vector const text{text_of({random_sequence(3, 50), random_sequence(4, 50)})};
  auto activations = census::activations(model, text);
  auto const read_activations = [&] {
    for (auto const& block : activations) CHECK(block.layer() == 0);
  };
  auto const message = message_of(read_activations);
  CHECK(message == "layer 1, document 0, piece 0, token 0: the activation is NaN");
  CHECK_THROWS_AS(read_activations(), std::logic_error);
  auto layers = census::layers(model, text);
  auto const read_all = [&] {
    for (auto&& layer : layers)
      for (auto const& block : layer) CHECK(block.layer() == 0);
  };
  CHECK(message_of(read_all) == message);
  CHECK_THROWS_AS(read_all(), std::logic_error);  // half of a layer cannot be taken back
}
