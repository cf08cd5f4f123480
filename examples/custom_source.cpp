// SPDX-License-Identifier: MIT
// A source of one's own, as a class: here of what census::recording reads, too (recorded.cpp). FOLDER holds tokens.npy
// [sequence, position] and layer_0.npy, layer_1.npy ... [sequence, position, neuron], float32.
#include <census/census.hpp>

#include <xtensor/xadapt.hpp>
#include <xtensor/xnpy.hpp>

#include <filesystem>
#include <iostream>

/// Yields the recording layer by layer; one layer is in memory at a time.
class recorded_layers {
 public:
  explicit recorded_layers(std::filesystem::path folder) : folder_(std::move(folder)) {
    auto const tokens = xt::load_npy<std::int64_t>((folder_ / "tokens.npy").string());
    census::text_rows text{{tokens.begin(), tokens.end()}, {}};
    auto const length = static_cast<std::uint32_t>(tokens.shape(1));
    for (std::uint32_t s = 0; s < tokens.shape(0); ++s)
      text.sequences.push_back(
          {.document = s, .first_row = s * length, .length = length, .full = true, .has_bos = true});
    text_ = census::share(std::move(text));
  }

  std::optional<census::block> operator()() {
    auto const file = folder_ / ("layer_" + std::to_string(layer_) + ".npy");
    if (!std::filesystem::exists(file)) return std::nullopt;
    auto const values = xt::load_npy<float>(file.string());
    return census::make_block(layer_++, text_, {{values.begin(), values.end()}, values.shape(2)});
  }

 private:
  std::filesystem::path folder_;
  census::shared_text text_;
  std::uint32_t layer_ = 0;
};

int main(int argc, char** argv) try {
  if (argc != 2) throw census::bad_input("custom_source", "usage: custom_source FOLDER");
  census::liveness alive;
  census::generated_source recording{recorded_layers(argv[1])};
  census::survey(recording, alive);
  for (auto const layer : alive.layers())
    std::cout << "layer " << layer << ": dead share " << census::dead_share(alive.table(layer)) << '\n';
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
