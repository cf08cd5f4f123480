// SPDX-License-Identifier: MIT
#include <census/archive/state_file.hpp>
#include <census/model/activations.hpp>
#include <census/model/layers.hpp>

#include "block_bits.hpp"
#include "small_model.hpp"

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>

TEST_CASE("what is kept, which layers are asked for and how they are walked does not change a bit") {
  auto const model = small_model({.layers = 3});
  auto const all = bits_by_layer(census::activations(model, three_texts()));
  REQUIRE(all.size() == 3);
  CHECK(bits_by_layer(census::activations(model, three_texts(), {.keep_weights = false})) == all);
  CHECK(bits_by_layer(census::activations(model, three_texts(), {.layers = {1, 2}})).at(1) == all.at(1));

  auto const firings = bits_by_layer(census::activations(model, three_texts(), {.keep_values = false}));
  std::map<std::uint32_t, bits> by_layers;
  for (auto&& layer : census::layers(model, three_texts())) by_layers.merge(bits_by_layer(layer));
  CHECK(by_layers == all);
  by_layers.clear();
  for (auto&& layer : census::layers(model, three_texts(), {.layers = {1, 3}, .keep_values = false}))
    by_layers.merge(bits_by_layer(layer));
  CHECK(by_layers.size() == 2);
  CHECK(by_layers.at(1) == firings.at(1));
  CHECK(by_layers.at(2) == firings.at(2));
}

TEST_CASE("a layer's source that is not read to its end does not disturb the next layer") {
  auto const model = small_model({.layers = 3});
  auto const all = bits_by_layer(census::activations(model, three_texts()));
  std::size_t layers = 0;
  for (auto&& layer : census::layers(model, three_texts())) {
    if (layers == 2) CHECK(bits_by_layer(layer).at(2) == all.at(2));
    if (layers == 1)
      for (census::block const& block : layer | std::views::take(1)) CHECK(block.layer() == 1);
    ++layers;
  }
  CHECK(layers == 3);
}

namespace {

/// Runs a pass with snapshots up to a layer, stores it from another thread while a block is computed or behind the last
/// one, when at least `blocks` of the layer were looked at, and leaves it; the texts that were done then.
std::size_t store_in(census::model const& model, census::source_options<> const& options, std::size_t layer,
                     std::size_t blocks, std::string const& path) {
  auto pass = census::layers(model, three_texts(), options);
  auto here = pass.begin();
  for (std::size_t before = 0; before < layer; ++before, ++here) bits_by_layer(*here);
  auto block = (*here).begin();
  for (; blocks > 0; --blocks) ++block;
  std::size_t texts_done = 0;
  std::atomic<bool> is_stored = false;
  std::thread storing([&] {
    std::scoped_lock const alone(*options.snapshots->in_step);
    texts_done = pass.texts_done();
    census::write_state(path, "a pass", pass);
    is_stored = true;
  });
  while (block != (*here).end() && !is_stored) ++block;
  storing.join();
  return texts_done;
}

}  // namespace

TEST_CASE("a pass that was stored in the middle of a layer goes on with the blocks that would have come") {
  auto const model = small_model({.layers = 3});
  for (std::uint64_t const memory : {std::uint64_t{0}, std::uint64_t{1} << 30})
    for (std::size_t layer = 0; layer < 3; ++layer)
      for (std::size_t const blocks : {0, 1}) {
        temporary_folder const folder;
        census::source_options<> const options{
            .keep_values = false, .residual_memory = memory, .snapshots = census::pass_snapshots{folder.path()}};
        std::size_t const texts_done = store_in(model, options, layer, blocks, folder / "snapshot");
        CHECK(texts_done >= blocks);
        CHECK(texts_done <= 3);
        auto resumed = census::layers(model, three_texts(), options);
        census::read_state(folder / "snapshot", "a pass", resumed);
        resumed.resume_at(layer, texts_done);
        CHECK(resumed.texts_done() == texts_done);  // a snapshot may be taken before its weights are there

        std::map<std::uint32_t, bits> found, expected;
        for (auto&& more : resumed) found.merge(bits_by_layer(more));
        for (auto&& all : census::layers(model, three_texts(), {.layers = {layer, 3}, .keep_values = false})) {
          std::size_t text = 0;
          for (census::block const& block : all)
            if (text++ >= texts_done || block.layer() > layer) append(expected[block.layer()], block);
        }
        CAPTURE(memory, layer, texts_done);
        CHECK(found == expected);
      }
}

TEST_CASE("a pass is not gone on with at a layer, a number of texts or residual streams that are not there") {
  auto const model = small_model({.layers = 3});
  temporary_folder const folder;
  census::source_options<> const options{.keep_values = false, .snapshots = census::pass_snapshots{folder.path()}};
  std::size_t const texts_done = store_in(model, options, 1, 1, folder / "snapshot");
  auto resumed = census::layers(model, three_texts(), options);
  CHECK_NOTHROW(resumed.resume_at(0, 0));
  CHECK_NOTHROW(resumed.resume_at(3, 0));
  CHECK_THROWS_WITH(resumed.resume_at(1, 0), "no residual stream of text 0, which goes on from layer 1");
  CHECK_THROWS_WITH(resumed.resume_at(0, 1), "no residual stream of text 0, which goes on from layer 0");
  census::read_state(folder / "snapshot", "a pass", resumed);
  CHECK_THROWS_AS(resumed.resume_at(4, 0), std::invalid_argument);
  CHECK_THROWS_WITH(resumed.resume_at(1, 1'000'000'000),
                    "a pass in layer 1 with 1000000000 texts done, where there are 3 layers and 3 texts");
  CHECK_NOTHROW(resumed.resume_at(1, texts_done));
}
