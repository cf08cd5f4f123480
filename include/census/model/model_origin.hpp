// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/ignored.hpp>
#include <census/model/model.hpp>
#include <census/model/product.hpp>
#include <census/read_file.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace census {

/// What a model's results depend on beside the text: the files that it was read from, and the library that multiplies.
struct model_origin {
  struct file {
    std::string path;
    std::uint64_t bytes = 0, hash = 0;  ///< hash: content_hash, of a checkpoint's files the sampled one
  };
  std::string blas;  ///< the library of products, and its kernel
  std::vector<file> files;
  census::ignored ignored;  ///< what of them was passed over
};

/// Reads and hashes the files beside the checkpoint. Throws bad_input where one cannot be read.
inline model_origin origin_of(model const& m) {
  model_origin origin{.blas = blas_description(), .files = {}, .ignored = m.ignored()};
  auto const checkpoint = m.weights().files().files();
  auto const folder = std::filesystem::path(checkpoint.front().place()).parent_path();
  std::error_code none;  // what is no file, a loop of links too, was not read
  for (auto const* name : {"config.json", "vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json",
                           "special_tokens_map.json", "added_tokens.json"})
    if (auto const path = folder / name; std::filesystem::is_regular_file(path, none)) {
      auto const bytes = read_file(path);
      origin.files.push_back({path.string(), bytes.size(), content_hash(bytes)});
    }
  for (auto const& file : checkpoint)
    origin.files.push_back({file.place(), file.bytes().size(), sampled_hash(file.text())});
  return origin;
}

}  // namespace census
