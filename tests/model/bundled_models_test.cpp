// SPDX-License-Identifier: MIT
// What lies in examples/tiny_opt beside the bundled model: checkpoints along a training, and a twin without positions.
#include <census/model/check_input.hpp>
#include <census/model/open_model.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
fs::path const tiny_opt = fs::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt";

std::vector<fs::path> siblings() {
  std::vector<fs::path> found{tiny_opt / "no_positions"};
  for (auto const& entry : fs::directory_iterator(tiny_opt / "checkpoints")) found.push_back(entry.path());
  return found;
}

/// The largest absolute value among the rows of positions that the model reads.
float largest_position(fs::path const& folder) {
  auto const model = census::open_model(folder);
  std::vector<float> row(model.architecture().hidden_size);
  float largest = 0;
  for (std::size_t position = 0; position < model.architecture().max_positions; ++position) {
    model.weights().read_position(position, row);
    for (float const value : row) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

}  // namespace

TEST_CASE(
    "three checkpoints and a twin lie beside the bundled model, of its shape, with its tokenizer, all different") {
  REQUIRE(siblings().size() == 4);
  std::set<std::string> weights{census::read_file(tiny_opt / "model.safetensors")};
  for (fs::path const& folder : siblings()) {
    CAPTURE(folder.string());
    for (auto const* name : {"config.json", "vocab.json", "merges.txt"})
      CHECK((census::read_file(folder / name) == census::read_file(tiny_opt / name)));
    auto const model = census::open_model(folder);
    census::check_weights(model, {0, model.architecture().layers});
    std::uintmax_t bytes = 0;
    for (auto const& file : fs::directory_iterator(folder)) bytes += file.file_size();
    CHECK(bytes < 8'000'000);
    weights.insert(census::read_file(folder / "model.safetensors"));
  }
  CHECK(weights.size() == 5);
}

TEST_CASE("the twin has no positions, the checkpoints have") {
  for (fs::path const& folder : siblings()) {
    CAPTURE(folder.string());
    CHECK((largest_position(folder) == 0) == (folder.filename() == "no_positions"));
  }
}
