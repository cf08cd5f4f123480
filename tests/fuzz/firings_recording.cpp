// SPDX-License-Identifier: MIT
// Firings that census record wrote: the index, the text, and two shards. In recording.json, "text":0, "first":0 and
// "second":0 stand for the bytes and the hash of these files, which no input could have right.
#include <census/content_hash.hpp>
#include <census/recording/firings_recording.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// A file's bytes and hash, as recording.json tells them.
std::string described(std::string_view file) {
  return "\"bytes\":" + std::to_string(file.size()) + ",\"fnv1a_64\":\"" +
         census::hash_digits(census::sampled_hash(file)) + "\"";
}

/// The files, the index with what it says of the others.
std::vector<std::string> with_hashes(std::vector<std::string_view> const& files) {
  static constexpr std::array<std::string_view, 3> shorthands{"\"text\":0", "\"first\":0", "\"second\":0"};
  std::vector<std::string> whole(files.begin(), files.end());
  for (std::size_t i = 1; i < files.size(); ++i)
    if (auto const at = whole[0].find(shorthands[i - 1]); at != std::string::npos)
      whole[0].replace(at, shorthands[i - 1].size(), described(files[i]));
  return whole;
}

void check_recording(census::firings_recording const& recorded, bool keep_values) {
  using census_fuzz::ensure;
  std::uint64_t const tokens = recorded.corpus().tokens();
  for (auto const layer : recorded.layers()) {
    auto next = recorded.blocks(layer, {.rows_per_block = 4, .keep_values = keep_values});
    std::uint64_t rows = 0;
    while (auto const block = next()) {
      ensure(block->layer() == layer && block->firings().neurons() == recorded.neurons(),
             "a block is of the layer that was asked for, and has its neurons");
      ensure(block->firings().rows() == block->text()->tokens.size(), "a block has a row for each token");
      rows += block->firings().rows();
    }
    ensure(rows == tokens, "each layer has a row for each token of the text");
  }
}

}  // namespace

void fuzz_firings_recording(std::span<std::byte const> input) {
  auto const content = with_hashes(census_fuzz::split_files(census_fuzz::text_of(input), 4));
  census_fuzz::input_folder const files(
      content, {"recording.json", "text.safetensors", "firings-0-0.safetensors", "values-0-0.safetensors"});
  for (bool const keep_values : {false, true})
    files.read([&] { check_recording(census::firings_recording(files.path()), keep_values); });
}
