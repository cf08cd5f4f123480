// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/model/architecture.hpp>
#include <census/model/tensor_layout.hpp>
#include <census/weights/checkpoint.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// A tensor that a family's checkpoints may have: its name, and the shape that the architecture asks for.
struct expected_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::string absent_because = {};  ///< where this model has none, what in its config says so
};

/// Throws bad_input naming a tensor that cannot be read as floats of this shape.
inline void check_shape(tensor const& stored, std::vector<std::size_t> const& expected) {
  auto const text = [](std::vector<std::size_t> const& sizes) {
    std::string all;
    for (auto const size : sizes) all.append(all.empty() ? "" : ", ").append(std::to_string(size));
    return "[" + all + "]";
  };
  if (!is_readable(stored.type))
    refuse_tensor(stored, std::string("holds ") + name_of(stored.type) + "; float16, bfloat16 and float32 are read");
  if (stored.shape != expected)
    refuse_tensor(stored, "has the shape " + text(stored.shape) + ", but config.json asks for " + text(expected));
}

/// Throws bad_input where a tensor is missing, misshapen, or there although the model should have none.
inline void check_tensor(checkpoint const& files, std::string const& name, expected_tensor const& expected) {
  if (expected.absent_because.empty()) return check_shape(files.at(name), expected.shape);
  if (auto const* stored = files.find(name))
    refuse_tensor(*stored, "should not be there: " + expected.absent_because + " in config.json");
}

/// The tensors of each layer, named from the layer's number on.
inline std::vector<expected_tensor> tensors_of_layer(architecture const& a, tensor_layout const& layout) {
  std::vector<expected_tensor> all;
  auto const linear = [&](std::string const& name, std::size_t out, std::size_t in, bool has_bias) {
    all.push_back({name + ".weight", layout.in_by_out ? std::vector{in, out} : std::vector{out, in}});
    all.push_back({name + ".bias", {out}, has_bias ? "" : layout.no_biases});
  };
  std::size_t const parts = 3 / layout.attention_in.size();
  for (auto const& name : layout.attention_in)
    linear(name, parts * a.hidden_size, a.hidden_size, a.biases.attention_in);
  linear(layout.attention_out, a.hidden_size, a.hidden_size, a.biases.attention_out);
  linear(layout.fc1, a.ffn_size, a.hidden_size, a.biases.feed_forward);
  linear(layout.fc2, a.hidden_size, a.ffn_size, a.biases.feed_forward);
  for (auto const& name : {layout.attention_norm, layout.ffn_norm}) {
    all.push_back({name + ".weight", {a.hidden_size}, a.norms.gains ? "" : layout.no_gains});
    all.push_back({name + ".bias", {a.hidden_size}, a.norms.shifts ? "" : layout.no_gains});
  }
  return all;
}

/// Those of the decoder, beside the embeddings.
inline std::vector<expected_tensor> tensors_of_decoder(architecture const& a, tensor_layout const& layout) {
  std::vector<expected_tensor> all;
  auto const no_projections = a.has_projections() ? "" : layout.no_projections;
  if (!layout.project_in.empty()) {
    all.push_back({layout.project_in + ".weight", {a.hidden_size, a.embedding_size}, no_projections});
    all.push_back({layout.project_out + ".weight", {a.embedding_size, a.hidden_size}, no_projections});
  }
  auto const no_norm = !a.final_norm ? layout.no_final_norm : a.norms.gains ? "" : layout.no_gains;
  for (auto const* part : {".weight", ".bias"}) all.push_back({layout.final_norm + part, {a.hidden_size}, no_norm});
  return all;
}

}  // namespace census::detail
