// SPDX-License-Identifier: MIT
#include <census/model/opt/source.hpp>

#include "reference.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>

namespace {

// Compares every layer's activations with the reference's; prints what it found.
void check_parity(std::string const& name, census::opt::model const& model, reference const& expected) {
  REQUIRE(expected.layers == model.config().layers);
  REQUIRE(expected.neurons == model.config().ffn_size);
  for (auto const& block : census::opt::activations(model, std::vector{expected.text()})) {
    auto const neurons = expected.neurons;
    float largest = 0, difference = 0;
    std::size_t compared = 0, disagree = 0, close_to_zero = 0, wrong = 0;
    for (auto const& s : expected.sequences)
      for (std::size_t i = 0; i < s.rows.size() * neurons; ++i)
        largest = std::max(largest, s.pre_activations[block.layer() * s.rows.size() * neurons + i]);
    for (std::size_t q = 0; q < expected.sequences.size(); ++q) {
      auto const& s = expected.sequences[q];
      for (std::size_t r = 0; r < s.rows.size(); ++r)
        for (std::size_t n = 0; n < neurons; ++n) {
          float const before = s.pre_activations[(block.layer() * s.rows.size() + r) * neurons + n];
          std::size_t const row = block.text()->sequences[q].first_row + s.rows[r];
          difference = std::max(difference, std::abs(block.values().row(row)[n] - std::max(before, 0.f)));
          bool const doubtful = std::abs(before) < 1e-4f * largest;
          bool const agrees = block.firings().fires(row, n) == (before > 0);
          ++compared, close_to_zero += doubtful, disagree += !agrees, wrong += !agrees && !doubtful;
        }
    }
    std::cout << name << ", layer " << block.layer() << ": largest " << largest << ", largest difference "
              << difference / largest << " of it; " << compared << " firings, " << close_to_zero
              << " too close to zero to count, " << disagree << " of them differ\n";
    CHECK(largest > 0.1f);
    CHECK(difference <= 1e-4f * largest);
    CHECK(wrong == 0);
  }
}

std::vector<std::uint64_t> size_and_hash(std::filesystem::path const& path) {
  census::mapped_file const file(path);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (auto const byte : file.bytes()) hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  return {file.bytes().size(), hash};
}

}  // namespace

TEST_CASE("activations of random models of three shapes agree with Hugging Face transformers") {
  for (std::string const name : {"three_layers", "odd_shape", "long_context"}) {
    auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / "opt" / name;
    check_parity(name, census::opt::open_without_tokenizer(folder), reference(folder / "reference.safetensors"));
  }
}

TEST_CASE("activations of the bundled model agree with Hugging Face transformers") {
  auto const model = std::filesystem::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt";
  auto const stored = std::filesystem::path(CENSUS_TEST_DATA) / "opt/bundled/reference.safetensors";
  if (!std::filesystem::exists(stored) || !std::filesystem::exists(model / "model.safetensors")) {
    WARN("SKIPPED: the bundled model or its reference is not there");
    return;
  }
  reference const expected(stored);
  if (expected.made_for != size_and_hash(model / "model.safetensors")) {
    WARN("SKIPPED: the reference was made for other weights; tests/data/opt/make_fixtures.py --bundled makes it anew");
    return;
  }
  check_parity("tiny_opt", census::opt::open(model), expected);
}
