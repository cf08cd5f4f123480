// SPDX-License-Identifier: MIT
// Good files with some bytes changed: they are read or refused, and the sanitizers find nothing.
#include <census/weights/checkpoint.hpp>

#include "checkpoint_files.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

namespace {

struct outcome {
  int read = 0, refused = 0;
  unsigned sum = 0;  // of all bytes of all tensors, so that each is looked at
};

// Opens a mutated file and looks at every byte of its tensors.
template <class Open>
void try_file(std::filesystem::path const& path, std::string const& bytes, Open open, outcome& seen) {
  std::filesystem::remove(path);  // some file systems write through a file that is cut to nothing and filled again
  write_bytes(path, bytes);
  try {
    census::checkpoint const files = open(path);
    for (auto const& tensor : files.tensors())
      for (auto const byte : tensor.bytes) seen.sum += std::to_integer<unsigned>(byte);
    ++seen.read;
  } catch (census::bad_input const&) {
    ++seen.refused;
  }
}

template <class Open>
outcome mutate(std::string const& name, int times, Open open) {
  std::string const good(census::mapped_file(std::filesystem::path(CENSUS_TEST_DATA) / "weights" / name).text());
  temporary_folder folder;
  auto const path = folder.path() / std::filesystem::path(name).filename();
  outcome seen;
  std::mt19937 random(20230912);
  auto const below = [&](std::size_t bound) { return random() % bound; };
  for (int i = 0; i < times; ++i) {
    auto bytes = good;
    for (auto changes = 1 + below(3); changes-- > 0;) {
      // a third anywhere, a third near the start and a third near the end, where headers, pickles and directories are
      auto const near = std::min<std::size_t>(bytes.size(), 2500), place = below(3);
      auto const at = place == 0 ? below(bytes.size()) : place == 1 ? below(near) : bytes.size() - 1 - below(near);
      auto const kind = below(16);
      if (kind < 6) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 1u << below(8));
      if (kind >= 6 && kind < 9) bytes[at] = static_cast<char>(below(256));
      if (kind >= 9 && kind < 12) bytes[at] = below(2) == 0 ? '\xff' : '\0';
      if (kind == 12 || kind == 13)
        bytes.replace(at, 8, good, below(good.size()), std::min<std::size_t>(8, bytes.size() - at));
      if (kind == 14) bytes.erase(at, 1 + below(8));
      if (kind == 15) bytes.resize(1 + at);
      if (bytes.empty()) break;
    }
    try_file(path, bytes, open, seen);
  }
  std::cout << name << ": " << seen.read << " of " << times << " mutations read, " << seen.refused << " refused ("
            << seen.sum << ")\n";
  return seen;
}

}  // namespace

TEST_CASE("mutated files of PyTorch are read or refused") {
  for (auto const* name : {"views/pytorch_model.bin", "float32_protocol_4/pytorch_model.bin",
                           "bfloat16_sharded/pytorch_model-00003-of-00003.bin", "refused/malicious.bin"}) {
    auto const seen = mutate(name, 3000, census::open_pytorch);
    CHECK(seen.read + seen.refused == 3000);
    CHECK(seen.refused > 300);
  }
}

TEST_CASE("mutated safetensors files and indices are read or refused") {
  CHECK(mutate("views/expected.safetensors", 3000, census::open_safetensors).refused > 300);
  auto const folder = std::filesystem::path(CENSUS_TEST_DATA) / "weights/bfloat16_sharded";
  temporary_folder copy;
  for (auto const& file : std::filesystem::directory_iterator(folder))
    std::filesystem::copy_file(file.path(), copy.path() / file.path().filename());
  auto const seen = mutate("bfloat16_sharded/pytorch_model.bin.index.json", 1000, [&](auto const& index) {
    auto const there = copy.path() / index.filename();
    std::filesystem::copy_file(index, there, std::filesystem::copy_options::overwrite_existing);
    return census::open_shards(there, census::open_pytorch);
  });
  CHECK(seen.refused > 100);
}
