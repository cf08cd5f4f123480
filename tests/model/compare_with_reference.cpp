// SPDX-License-Identifier: MIT
// compare_with_reference MODEL REFERENCE: whether a model's activations are those of a reference.safetensors. Exits
// with 77, which ctest shows as skipped, where one of the two is not there or the reference was made for other weights.
#include "parity.hpp"
#include <census/model/open_model.hpp>

#include <cstdint>
#include <filesystem>
#include <iostream>

namespace {

std::vector<std::uint64_t> size_and_hash(std::filesystem::path const& path) {
  census::mapped_file const file(path);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (auto const byte : file.bytes()) hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001b3;
  return {file.bytes().size(), hash};
}

int skipped(char const* cause) { return std::cout << "SKIPPED: " << cause << '\n', 77; }

}  // namespace

int main(int count, char** arguments) try {
  if (count != 3) return std::cerr << "usage: compare_with_reference MODEL REFERENCE\n", 2;
  std::filesystem::path const folder = arguments[1], stored = arguments[2];
  if (!std::filesystem::exists(folder / "config.json")) return skipped("the model is not there");
  if (!std::filesystem::exists(stored)) return skipped("the reference is not there");
  reference const expected(stored);
  if (!expected.made_for.empty() && expected.made_for != size_and_hash(folder / "model.safetensors"))
    return skipped("the reference was made for other weights; make_fixtures.py --bundled makes it anew");
  parity found;
  found.compare(folder.filename().string(), census::open_model(folder), expected, std::cout);
  if (found.holds && found.layers > 0) return 0;
  return std::cout << "FAILED: the activations differ from the reference's\n", 1;
} catch (std::exception const& error) {
  return std::cerr << error.what() << '\n', 2;
}
