// SPDX-License-Identifier: MIT
// Small models on the device that tests run on, texts for them, and what their layers yield.
#pragma once

#include <census/activation/block.hpp>
#include <census/activation/text_list.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/layers.hpp>
#include <census/model/open_model.hpp>

#include <cuda/support/products.hpp>
#include <model/random_model.hpp>
#include <model/sequences.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace census_test {

using device_model = census::cuda::basic_model<test_products>;

inline census::model open_random(random_model const& shape = {}) {
  temporary_folder folder;
  shape.write(folder.path());
  return census::open_model(folder.path());  // the files stay mapped
}

/// Texts of one to three sequences: of `lengths`, each a document, in order.
inline census::text_list texts_of(std::vector<std::vector<std::size_t>> const& lengths) {
  std::vector<census::shared_text> texts;
  std::uint64_t document = 0;
  for (auto const& of_text : lengths) {
    std::vector<tokens> sequences;
    for (std::size_t const length : of_text) sequences.push_back(random_sequence(length, 50));
    census::text_rows rows = *text_of(sequences);
    for (census::sequence& s : rows.sequences) s.document = document++;
    texts.push_back(census::share(std::move(rows)));
  }
  return texts;
}

/// The bits of firings, and of values where there are any, by layer, document and position.
using bits_by_row = std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>, std::vector<std::uint64_t>>;

inline void note_bits(bits_by_row& all, census::block const& block) {
  for (census::sequence const& s : block.text()->sequences)
    for (std::uint32_t p = 0; p < s.length; ++p) {
      auto& row = all[{block.layer(), s.document, p}];
      std::ranges::copy(block.firings().row(s.first_row + p), std::back_inserter(row));
      if (!block.values().empty())
        for (float const value : block.values().row(s.first_row + p))
          row.push_back(std::bit_cast<std::uint32_t>(value));
    }
}

template <class Model>
bits_by_row bits_of_layers(Model const& model, census::text_list const& texts,
                           census::source_options<> const& options = {}) {
  bits_by_row all;
  for (auto&& layer : layers(model, texts, options))
    for (auto const& block : layer) note_bits(all, on_host(block));
  return all;
}

}  // namespace census_test
