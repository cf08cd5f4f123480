// SPDX-License-Identifier: MIT
// What lies beside the bundled models, that of examples/tiny_opt and the one that has several kinds of neurons at once:
// checkpoints along a training, and a twin without positions.
#include <census/model/check_input.hpp>
#include <census/model/open_model.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
fs::path const tiny_opt = fs::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt";

struct bundled {
  fs::path folder;
  std::size_t checkpoints;
};
std::vector<bundled> const models{{tiny_opt, 3}, {tiny_opt / "neuron_kinds", 1}};

std::vector<fs::path> siblings_of(fs::path const& model) {
  std::vector<fs::path> found{model / "no_positions"};
  for (auto const& entry : fs::directory_iterator(model / "checkpoints")) found.push_back(entry.path());
  return found;
}

/// The largest absolute value among the rows of positions that the model reads.
float largest_position(fs::path const& folder) {
  auto const model = census::open_model(folder);
  std::vector<float> row(model.architecture().hidden_size);
  float largest = 0;
  model.weights().read_embeddings([&](auto const& rows) {
    for (std::size_t position = 0; position < model.architecture().max_positions; ++position) {
      rows.read_position(position, row);
      for (float const value : row) largest = std::max(largest, std::abs(value));
    }
  });
  return largest;
}

}  // namespace

TEST_CASE("checkpoints and a twin lie beside a bundled model, of its shape, with its tokenizer, all different") {
  for (auto const& [bundled_model, checkpoints] : models) {
    auto const siblings = siblings_of(bundled_model);
    REQUIRE(siblings.size() == checkpoints + 1);
    std::set<std::string> weights{census::read_file(bundled_model / "model.safetensors")};
    for (fs::path const& folder : siblings) {
      CAPTURE(folder.string());
      for (auto const* name : {"config.json", "vocab.json", "merges.txt"})
        CHECK((census::read_file(folder / name) == census::read_file(bundled_model / name)));
      auto const model = census::open_model(folder);
      census::check_weights(model, {0, model.architecture().layers});
      std::uintmax_t bytes = 0;
      for (auto const& file : fs::directory_iterator(folder)) bytes += file.file_size();
      CHECK(bytes < 8'000'000);
      weights.insert(census::read_file(folder / "model.safetensors"));
    }
    CHECK(weights.size() == checkpoints + 2);
  }
}

TEST_CASE("a twin has no positions, the checkpoints have") {
  for (auto const& one : models)
    for (fs::path const& folder : siblings_of(one.folder)) {
      CAPTURE(folder.string());
      CHECK((largest_position(folder) == 0) == (folder.filename() == "no_positions"));
    }
}
