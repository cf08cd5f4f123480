// SPDX-License-Identifier: MIT
// Text of token ids in which each phrase occurs exactly as often as told, fillers before and behind it.
#pragma once

#include <census/token_id.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census_test {

using phrase = std::vector<census::token_id>;

/// `documents` of `length` tokens each that hold the phrases, in random order, and fillers: at least one before each
/// phrase, so that phrases never touch. Filler i is drawn with the weight 1/(i + 4).
inline std::vector<phrase> compose_text(std::vector<phrase> items, std::span<census::token_id const> fillers,
                                        std::size_t documents, std::size_t length, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> up_to;
  for (std::size_t i = 0; i < fillers.size(); ++i)
    up_to.push_back((up_to.empty() ? 0 : up_to.back()) + 1'000'000 / (i + 4));
  auto const filler = [&] {
    std::uint64_t const at = random() % up_to.back();
    std::size_t i = 0;
    while (up_to[i] <= at) ++i;
    return fillers[i];
  };
  std::size_t used = 0;
  for (phrase const& one : items) used += one.size() + 1;
  if (used + documents > documents * length) throw std::invalid_argument("the phrases do not fit into the text");
  items.resize(items.size() + documents * length - used);  // empty ones stand for a filler alone
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);

  std::vector<phrase> text(documents);
  for (auto item = items.begin(); auto& document : text)
    while (document.size() < length) {
      if (document.size() + 1 + item->size() > length) {  // a filler from behind comes first
        auto single = item;
        while (!single->empty())
          if (++single == items.end()) throw std::invalid_argument("the phrases leave no fillers for the end");
        std::swap(*item, *single);
      }
      document.push_back(filler());
      document.insert(document.end(), item->begin(), item->end());
      ++item;
    }
  return text;
}

/// Writes documents of one length as a matrix of int32, as numpy.save does.
inline void write_npy(std::filesystem::path const& path, std::vector<phrase> const& documents) {
  static_assert(std::endian::native == std::endian::little);
  std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (" + std::to_string(documents.size()) + ", " +
                       std::to_string(documents.front().size()) + "), }";
  header.append(63 - (header.size() + 10) % 64, ' ').append("\n");
  std::ofstream file(path, std::ios::binary);
  file << "\x93NUMPY\x01" << '\0' << static_cast<char>(header.size() & 0xff) << static_cast<char>(header.size() >> 8)
       << header;
  for (phrase const& document : documents)
    file.write(reinterpret_cast<char const*>(document.data()), static_cast<std::streamsize>(4 * document.size()));
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace census_test
