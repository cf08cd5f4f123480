// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/config.hpp>
#include <census/weights/checkpoint.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census::opt {

/// One layer's weights in float32, rows on 64 bytes. Linear layers are stored as [out, in]; biases, gains as one row.
struct layer_weights {
  padded_matrix attention_gain, attention_bias;     ///< [1, hidden], the norm before attention
  padded_matrix attention_in, attention_in_bias;    ///< queries, keys, values: three parts of padded(hidden) rows each
  padded_matrix attention_out, attention_out_bias;  ///< [hidden, hidden], [1, hidden]
  padded_matrix ffn_gain, ffn_bias;                 ///< [1, hidden], the norm before the feed-forward block
  padded_matrix fc1, fc1_bias;                      ///< [ffn, hidden], [1, ffn]
  padded_matrix fc2, fc2_bias;                      ///< [hidden, ffn], [1, hidden]; empty where it was not asked for
};

/// The tensors of an OPT checkpoint, found by their published names and checked against the config; read a layer at a
/// time, each byte once. Throws bad_input naming the file and the tensor: where it is missing or of another shape or
/// dtype, when the checkpoint is opened; where a value is NaN or infinite, when that value is read.
class weights {
 public:
  /// Looks at names, shapes and dtypes only.
  weights(checkpoint files, config const& c) : files_(std::move(files)), config_(c), prefix_(find_prefix()) {
    auto const hidden = c.hidden_size;
    tensor const* const input = files_.find(prefix_ + "embed_tokens.weight");
    embedding_ = checked(input != nullptr ? *input : files_.at("lm_head.weight"), {c.vocabulary_size, hidden});
    positions_ = checked(files_.at(prefix_ + "embed_positions.weight"), {c.max_positions + position_offset, hidden});
    for (std::size_t layer = 0; layer < c.layers; ++layer)
      for (auto const& [name, shape] : layer_tensors(c)) checked(files_.at(layer_name(layer, name)), shape);
    if (c.has_final_norm)
      for (auto const* name : {"final_layer_norm.weight", "final_layer_norm.bias"})
        checked(files_.at(prefix_ + name), {hidden});
    if (auto const* more = files_.find(layer_name(c.layers, "fc1.weight")))
      refuse(*more, "is one layer too many: num_hidden_layers is " + std::to_string(c.layers));
  }

  checkpoint const& files() const { return files_; }

  /// Bytes of a layer's tensors as they are stored: what `load` reads.
  std::uint64_t layer_bytes(std::size_t layer, bool with_fc2 = true) const {
    std::uint64_t bytes = 0;
    each_tensor(layer, with_fc2, [&](tensor const& t) { bytes += t.bytes.size(); });
    return bytes;
  }

  /// Asks for a layer's bytes to be read from the disk, without waiting for them.
  void advise(std::size_t layer, bool with_fc2 = true) const {
    each_tensor(layer, with_fc2, [&](tensor const& t) { files_.advise_needed(t.bytes); });
  }

  /// Takes a layer's bytes, as they are stored, out of this process's memory; they may be read again.
  void drop(std::size_t layer) const {
    each_tensor(layer, true, [&](tensor const& t) { files_.drop(t.bytes); });
  }

  /// The same for the two embeddings, whose rows are read as texts need them.
  void drop_embeddings() const { files_.drop(embedding_.bytes), files_.drop(positions_.bytes); }

  /// Reads one layer into memory that is reused; fc2 only where it is asked for. Several threads may read at a time.
  void load(std::size_t layer, bool with_fc2, layer_weights& into) const {
    std::size_t const hidden = config_.hidden_size, part = padded(hidden);
    auto const row = [&](char const* name, std::size_t size, padded_matrix& m, std::size_t first = 0) {
      read(layer, name, {m.row(0).subspan(first, size).data(), 1, size, 0});
    };
    auto const norm = [&](std::string const& name, padded_matrix& gain, padded_matrix& bias) {
      gain.resize(1, hidden), bias.resize(1, hidden);
      row((name + ".weight").c_str(), hidden, gain);
      row((name + ".bias").c_str(), hidden, bias);
    };
    auto const linear = [&](std::string const& name, std::size_t out, std::size_t in, padded_matrix& matrix,
                            padded_matrix& bias) {
      matrix.resize(out, in), bias.resize(1, out);
      read(layer, (name + ".weight").c_str(), matrix.view());
      row((name + ".bias").c_str(), out, bias);
    };
    norm("self_attn_layer_norm", into.attention_gain, into.attention_bias);
    into.attention_in.resize(3 * part, hidden), into.attention_in_bias.resize(1, 3 * part);
    std::size_t first = 0;
    for (auto const* name : {"q", "k", "v"}) {
      std::string const projection = std::string("self_attn.") + name + "_proj";
      read(layer, (projection + ".weight").c_str(), into.attention_in.view().middle_rows(first, hidden));
      row((projection + ".bias").c_str(), hidden, into.attention_in_bias, first);
      first += part;
    }
    linear("self_attn.out_proj", hidden, hidden, into.attention_out, into.attention_out_bias);
    norm("final_layer_norm", into.ffn_gain, into.ffn_bias);
    linear("fc1", config_.ffn_size, hidden, into.fc1, into.fc1_bias);
    if (with_fc2) linear("fc2", hidden, config_.ffn_size, into.fc2, into.fc2_bias);
  }

  /// Rows of the two embeddings, [hidden]: what the model's input is made of. A position counts from 0.
  void read_embedding(token_id token, std::span<float> into) const {
    read_floats(embedding_, std::size_t{token} * config_.hidden_size, into);
  }
  void read_position(std::size_t position, std::span<float> into) const {
    read_floats(positions_, (position + position_offset) * config_.hidden_size, into);
  }

  /// Elements of a layer's second matrix, [hidden, ffn] as it is stored, from the `first` on.
  void read_fc2(std::size_t layer, std::size_t first, std::span<float> into) const {
    read_floats(files_.at(layer_name(layer, "fc2.weight")), first, into);
  }

  /// The gain of the decoder's own norm, [hidden]; empty where the model has none.
  std::vector<float> final_gain() const {
    std::vector<float> gain(config_.has_final_norm ? config_.hidden_size : 0);
    if (!gain.empty()) read_floats(files_.at(prefix_ + "final_layer_norm.weight"), 0, gain);
    return gain;
  }

 private:
  using shape = std::vector<std::size_t>;
  static constexpr std::size_t position_offset = 2;  // position p is row p + 2 of embed_positions

  static std::vector<std::pair<std::string, shape>> layer_tensors(config const& c) {
    std::vector<std::pair<std::string, shape>> all;
    auto const add = [&](std::string const& name, shape weight) {
      all.emplace_back(name + ".bias", shape{weight.front()});
      all.emplace_back(name + ".weight", std::move(weight));
    };
    for (auto const* name : {"q_proj", "k_proj", "v_proj", "out_proj"})
      add(std::string("self_attn.") + name, {c.hidden_size, c.hidden_size});
    for (auto const* name : {"self_attn_layer_norm", "final_layer_norm"}) add(name, {c.hidden_size});
    add("fc1", {c.ffn_size, c.hidden_size});
    add("fc2", {c.hidden_size, c.ffn_size});
    return all;
  }

  template <class F>
  void each_tensor(std::size_t layer, bool with_fc2, F const& f) const {
    for (auto const& [name, shape] : layer_tensors(config_))
      if (with_fc2 || !name.starts_with("fc2.")) f(files_.at(layer_name(layer, name)));
  }

  std::string find_prefix() const {
    for (std::string const prefix : {"model.decoder.", "decoder.", ""})
      if (files_.find(prefix + "embed_positions.weight") != nullptr) return prefix;
    return "model.decoder.";
  }
  std::string layer_name(std::size_t layer, std::string_view name) const {
    return prefix_ + "layers." + std::to_string(layer) + "." + std::string(name);
  }

  [[noreturn]] static void refuse(tensor const& t, std::string const& cause) {
    throw bad_input(t.file, "tensor " + escaped_name(t.name) + " " + cause);
  }
  static std::string text(shape const& sizes) {
    std::string all;
    for (auto const size : sizes) all.append(all.empty() ? "" : ", ").append(std::to_string(size));
    return "[" + all + "]";
  }
  static tensor const& checked(tensor const& t, shape const& expected) {
    if (!is_readable(t.type))
      refuse(t, std::string("holds ") + name_of(t.type) + "; float16, bfloat16 and float32 are read");
    if (t.shape != expected)
      refuse(t, "has the shape " + text(t.shape) + ", but config.json asks for " + text(expected));
    return t;
  }

  // The one way to a tensor's values. They are looked at once they are in the cache, so that memory is read once.
  static void read_floats(tensor const& t, std::size_t first, std::span<float> into) {
    constexpr std::size_t tile = 4096;
    for (std::size_t begin = 0; begin < into.size(); begin += tile) {
      auto const part = into.subspan(begin, std::min(tile, into.size() - begin));
      to_float32(t, first + begin, part);
      unsigned unusable = 0;
      for (float const value : part) unusable |= (std::bit_cast<std::uint32_t>(value) & 0x7f800000u) == 0x7f800000u;
      if (unusable != 0) refuse(t, "holds a value that is NaN or infinite");
    }
  }

  void read(std::size_t layer, std::string_view name, matrix_view<float> into) const {
    tensor const& t = files_.at(layer_name(layer, name));
    for (std::size_t i = 0; i < into.rows; ++i) read_floats(t, i * into.columns, into.row(i));
  }

  checkpoint files_;
  config config_;
  std::string prefix_;
  tensor embedding_, positions_;
};

}  // namespace census::opt
