// SPDX-License-Identifier: MIT
// Activations that another program wrote, with their token ids and mask: two layers in one safetensors file, and a
// layer as NumPy saves it.
#include <census/recording/recording.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <tbb/global_control.h>

#include <cstddef>
#include <span>

namespace {

void check_recording(census::recording const& recorded) {
  using census_fuzz::ensure;
  for (auto const layer : recorded.layers()) {
    auto next = recorded.blocks(layer, {.rows_per_block = 4});
    while (auto const block = next()) {
      ensure(block->layer() == layer, "a block is of the layer that was asked for");
      ensure(block->firings().neurons() == recorded.neurons(layer), "a block has the layer's neurons");
      ensure(block->firings().rows() == block->text()->tokens.size(), "a block has a row for each token");
    }
  }
}

}  // namespace

void fuzz_recording(std::span<std::byte const> input) {
  static tbb::global_control const one_thread(tbb::global_control::max_allowed_parallelism, 1);  // same run, same path
  census_fuzz::input_folder const files(input, {"dump.safetensors", "layer_3.npy", "tokens.npy", "mask.npy"});
  census::recording_options const with_text{.tokens = files / "tokens.npy", .mask = files / "mask.npy", .bos = 2};
  files.read([&] { check_recording(census::recording({files / "dump.safetensors", "layer.{}"})); });
  files.read([&] { check_recording(census::recording({files / "dump.safetensors", "layer.{}"}, with_text)); });
  files.read([&] { check_recording(census::recording(files / "layer_{}.npy", with_text)); });
  files.read([&] { check_recording(census::recording(files / "layer_{}.npy", {.sequence_length = 2})); });
}
