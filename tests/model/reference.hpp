// SPDX-License-Identifier: MIT
// A reference.safetensors of tests/data/opt/make_fixtures.py.
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/weights/checkpoint.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <vector>

struct reference {
  struct sequence {
    std::vector<census::token_id> tokens;
    std::vector<std::size_t> rows;       // which of its rows are stored
    std::vector<float> pre_activations;  // [layer, stored row, neuron]
    std::vector<float> activations;      // likewise, behind the activation function
  };
  std::vector<sequence> sequences;
  std::size_t layers = 0, neurons = 0;
  std::vector<float> projection;        // the update of the last layer's neuron 1 on the vocabulary, where it says so
  std::vector<std::uint64_t> made_for;  // size and FNV-1a hash of the model.safetensors, where it says so

  explicit reference(std::filesystem::path const& path) {
    census::checkpoint const file({census::safetensors_file(path)});
    for (std::size_t s = 0; file.find("tokens." + std::to_string(s)) != nullptr; ++s) {
      auto const number = std::to_string(s);
      auto const& stored = file.at("pre_activations." + number);
      layers = stored.shape.at(0), neurons = stored.shape.at(2);
      sequence one{integers<std::uint32_t, census::token_id>(file.at("tokens." + number)), {}, floats(stored), {}};
      if (auto const* after = file.find("activations." + number))
        one.activations = floats(*after);
      else  // ReLU
        for (float const before : one.pre_activations) one.activations.push_back(std::max(before, 0.f));
      if (auto const* rows = file.find("rows." + number))
        one.rows = integers<std::uint32_t, std::size_t>(*rows);
      else
        one.rows.resize(one.tokens.size()), std::iota(one.rows.begin(), one.rows.end(), 0);
      sequences.push_back(std::move(one));
    }
    if (auto const* logits = file.find("projection")) projection = floats(*logits);
    if (auto const* model = file.find("made_for")) made_for = integers<std::uint64_t, std::uint64_t>(*model);
  }

  // [stored row, neuron] of one layer of `values`.
  std::span<float const> of_layer(std::vector<float> const& values, sequence const& s, std::size_t layer) const {
    std::size_t const size = s.rows.size() * neurons;
    return std::span(values).subspan(layer * size, size);
  }

  census::shared_text text() const {
    census::text_rows all;
    for (auto const& s : sequences) {
      all.sequences.push_back({.document = all.sequences.size(),
                               .first_row = static_cast<std::uint32_t>(all.tokens.size()),
                               .length = static_cast<std::uint32_t>(s.tokens.size())});
      all.tokens.insert(all.tokens.end(), s.tokens.begin(), s.tokens.end());
    }
    return census::share(std::move(all));
  }

 private:
  static std::vector<float> floats(census::tensor const& t) {
    std::vector<float> all(t.elements());
    to_float32(t, 0, all);
    return all;
  }
  template <class Stored, class Integer>
  static std::vector<Integer> integers(census::tensor const& t) {
    std::vector<Stored> stored(t.elements());
    std::memcpy(stored.data(), t.bytes.data(), t.bytes.size());
    return {stored.begin(), stored.end()};
  }
};
