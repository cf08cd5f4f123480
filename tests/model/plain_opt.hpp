// SPDX-License-Identifier: MIT
// A random_model's pre-activations by loops over its tensors, in long double: nothing of the library but the files.
#pragma once

#include <census/token_id.hpp>

#include "random_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

class plain_opt {
 public:
  using vectors = std::vector<std::vector<long double>>;  // [token, column]

  explicit plain_opt(random_model const& shape) : shape_(shape) {
    for (auto& tensor : shape.tensors()) tensors_[tensor.name.substr(14)] = std::move(tensor);  // "model.decoder."
  }

  /// Of a sequence, [layer][token, neuron].
  std::vector<vectors> pre_activations(std::vector<census::token_id> const& tokens) const {
    std::vector<vectors> all;
    vectors x;
    for (std::size_t p = 0; p < tokens.size(); ++p) {
      std::vector<long double> embedding(shape_.embedding == 0 ? shape_.hidden : shape_.embedding);
      for (std::size_t i = 0; i < embedding.size(); ++i) embedding[i] = at("embed_tokens.weight", tokens[p], i);
      x.push_back(shape_.embedding == 0 ? embedding : times("project_in.weight", embedding));
      for (std::size_t i = 0; i < shape_.hidden; ++i) x[p][i] += at("embed_positions.weight", p + 2, i);
    }
    for (std::size_t l = 0; l < shape_.layers; ++l) {
      auto const name = "layers." + std::to_string(l) + ".";
      add(x, attention(shape_.norm_first ? normed(name + "self_attn_layer_norm", x) : x, name + "self_attn."));
      if (!shape_.norm_first) x = normed(name + "self_attn_layer_norm", x);
      all.push_back(linear(name + "fc1", shape_.norm_first ? normed(name + "final_layer_norm", x) : x));
      auto fired = all.back();
      for (auto& row : fired)
        for (auto& value : row) value = activated(value);
      add(x, linear(name + "fc2", fired));
      if (!shape_.norm_first) x = normed(name + "final_layer_norm", x);
    }
    return all;
  }

 private:
  long double at(std::string const& name, std::size_t row, std::size_t column) const {
    auto const& tensor = tensors_.at(name);
    return tensor.values[row * (tensor.shape.size() > 1 ? tensor.shape[1] : 1) + column];
  }

  std::vector<long double> times(std::string const& weight, std::vector<long double> const& x) const {
    std::vector<long double> y(tensors_.at(weight).shape[0], 0);
    for (std::size_t o = 0; o < y.size(); ++o)
      for (std::size_t i = 0; i < x.size(); ++i) y[o] += at(weight, o, i) * x[i];
    return y;
  }

  vectors linear(std::string const& name, vectors const& x) const {
    vectors y;
    for (auto const& row : x) {
      y.push_back(times(name + ".weight", row));
      for (std::size_t o = 0; o < y.back().size(); ++o) y.back()[o] += at(name + ".bias", o, 0);
    }
    return y;
  }

  vectors normed(std::string const& name, vectors x) const {
    for (auto& row : x) {
      long double mean = 0, variance = 0;
      for (auto const value : row) mean += value / static_cast<long double>(row.size());
      for (auto const value : row) variance += (value - mean) * (value - mean) / static_cast<long double>(row.size());
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = (row[i] - mean) / std::sqrt(variance + static_cast<long double>(1e-5f)) * at(name + ".weight", i, 0) +
                 at(name + ".bias", i, 0);
    }
    return x;
  }

  vectors attention(vectors const& x, std::string const& name) const {
    auto const q = linear(name + "q_proj", x), k = linear(name + "k_proj", x), v = linear(name + "v_proj", x);
    std::size_t const size = shape_.hidden / shape_.heads;
    vectors mixed(x.size(), std::vector<long double>(shape_.hidden, 0));
    for (std::size_t h = 0; h < shape_.heads; ++h)
      for (std::size_t i = 0; i < x.size(); ++i) {
        std::vector<long double> weight(i + 1, 0);
        long double total = 0;
        for (std::size_t j = 0; j <= i; ++j) {
          for (std::size_t c = h * size; c < (h + 1) * size; ++c) weight[j] += q[i][c] * k[j][c];
          total += weight[j] = std::exp(weight[j] / std::sqrt(static_cast<long double>(size)));
        }
        for (std::size_t j = 0; j <= i; ++j)
          for (std::size_t c = h * size; c < (h + 1) * size; ++c) mixed[i][c] += weight[j] / total * v[j][c];
      }
    return linear(name + "out_proj", mixed);
  }

  long double activated(long double x) const {
    if (shape_.activation == "gelu") return x * (1 + std::erf(x / std::sqrt(2.0l))) / 2;
    if (shape_.activation == "gelu_new")
      return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0l)) * (x + 0.044715l * x * x * x)));
    if (shape_.activation == "silu") return x / (1 + std::exp(-x));
    return std::max(x, 0.0l);
  }

  static void add(vectors& x, vectors const& update) {
    for (std::size_t p = 0; p < x.size(); ++p)
      for (std::size_t i = 0; i < x[p].size(); ++i) x[p][i] += update[p][i];
  }

  random_model shape_;
  std::map<std::string, stored_tensor> tensors_;
};
