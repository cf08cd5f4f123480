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

/// One layer's weights in float32, rows on 64 bytes. Linear layers are [in, out], the other way round than in the
/// checkpoint: so a product takes them faster, and fc2 has a neuron's update in one row. Biases, gains as one row. A
/// model without biases has zeros there, one whose norms have no parameters ones and zeros: the same arithmetic.
struct layer_weights {
  padded_matrix attention_gain, attention_bias;     ///< [1, hidden], attention's norm
  padded_matrix attention_in, attention_in_bias;    ///< [hidden, 3 padded(hidden)]: queries, keys, values
  padded_matrix attention_out, attention_out_bias;  ///< [hidden, hidden], [1, hidden]
  padded_matrix ffn_gain, ffn_bias;                 ///< [1, hidden], the norm of the feed-forward block
  padded_matrix fc1, fc1_bias;                      ///< [hidden, ffn], [1, ffn]
  padded_matrix fc2, fc2_bias;                      ///< [ffn, hidden], [1, hidden]; empty where it was not asked for
};

/// The tensors of an OPT checkpoint, found by their published names and checked against the config; read a layer at a
/// time, each byte once. Throws bad_input naming the file and the tensor: where it is missing, of another shape or
/// dtype, or there although the config says that the model has none, when the checkpoint is opened; where a value is
/// NaN or infinite, when that value is read. Tensors of unknown names are let be.
class weights {
 public:
  /// Looks at names, shapes and dtypes only.
  weights(checkpoint files, config const& c) : files_(std::move(files)), config_(c), prefix_(find_prefix()) {
    std::string const input = prefix_ + "embed_tokens.weight", output = "lm_head.weight";
    shape const sizes{c.vocabulary_size, c.embedding_size};
    for (auto const& name : {input, output})
      if (auto const* stored = files_.find(name)) checked(*stored, sizes);
    auto const* const given = files_.find(input);
    embedding_ = c.tied && given == nullptr ? files_.at(output) : files_.at(input);  // either name will do for both
    output_embedding_ = c.tied ? embedding_ : files_.at(output);
    positions_ =
        checked(files_.at(prefix_ + "embed_positions.weight"), {c.max_positions + position_offset, c.hidden_size});
    for (auto const& t : decoder_tensors(c)) check(prefix_ + t.name, t);
    for (std::size_t layer = 0; layer < c.layers; ++layer)
      for (auto const& t : layer_tensors(c)) check(layer_name(layer, t.name), t);
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

  /// The same for the embeddings, whose rows are read as texts need them.
  void drop_embeddings() const {
    for (auto const* t : {&embedding_, &output_embedding_, &positions_}) files_.drop(t->bytes);
  }

  /// Reads one layer into memory that is reused; fc2 only where it is asked for. Several threads may read at a time.
  void load(std::size_t layer, bool with_fc2, layer_weights& into) const {
    advise(layer, with_fc2);  // in one go: a mapping does not read ahead
    std::size_t const hidden = config_.hidden_size, part = padded(hidden);
    auto const row = [&](std::string const& name, bool stored, float otherwise, std::span<float> into_row) {
      if (stored) return read_floats(files_.at(layer_name(layer, name)), 0, into_row);
      std::ranges::fill(into_row, otherwise);
    };
    auto const norm = [&](std::string const& name, padded_matrix& gain, padded_matrix& bias) {
      gain.resize(1, hidden), bias.resize(1, hidden);
      row(name + ".weight", config_.has_gains, 1, gain.row(0));
      row(name + ".bias", config_.has_gains, 0, bias.row(0));
    };
    auto const linear = [&](std::string const& name, matrix_view<float> weight, std::span<float> bias) {
      transposed(files_.at(layer_name(layer, name + ".weight")), weight);
      row(name + ".bias", config_.has_biases, 0, bias);
    };
    norm("self_attn_layer_norm", into.attention_gain, into.attention_bias);
    into.attention_in.resize(hidden, 3 * part), into.attention_in_bias.resize(1, 3 * part);
    std::size_t first = 0;
    for (std::string const name : {"q", "k", "v"}) {
      linear("self_attn." + name + "_proj", into.attention_in.view().middle_columns(first, hidden),
             into.attention_in_bias.row(0).subspan(first, hidden));
      first += part;
    }
    into.attention_out.resize(hidden, hidden), into.attention_out_bias.resize(1, hidden);
    linear("self_attn.out_proj", into.attention_out.view(), into.attention_out_bias.row(0));
    norm("final_layer_norm", into.ffn_gain, into.ffn_bias);
    into.fc1.resize(hidden, config_.ffn_size), into.fc1_bias.resize(1, config_.ffn_size);
    linear("fc1", into.fc1.view(), into.fc1_bias.row(0));
    if (!with_fc2) {
      into.fc2 = {}, into.fc2_bias = {};
      return;
    }
    into.fc2.resize(config_.ffn_size, hidden), into.fc2_bias.resize(1, hidden);
    linear("fc2", into.fc2.view(), into.fc2_bias.row(0));
  }

  /// Rows of the input embeddings, [embedding] and [hidden]. A position counts from 0.
  void read_embedding(token_id token, std::span<float> into) const {
    read_floats(embedding_, std::size_t{token} * config_.embedding_size, into);
  }
  void read_position(std::size_t position, std::span<float> into) const {
    read_floats(positions_, (position + position_offset) * config_.hidden_size, into);
  }

  /// Rows of the output embedding from token `first` on, one after the other, [token, embedding].
  void read_output_embedding(std::size_t first, std::span<float> into) const {
    auto const size = size_of(output_embedding_.type);
    if (first * config_.embedding_size + into.size() <= output_embedding_.elements())
      files_.advise_needed(output_embedding_.bytes.subspan(first * config_.embedding_size * size, into.size() * size));
    read_floats(output_embedding_, first * config_.embedding_size, into);
  }

  /// The maps between embedding and residual stream, [hidden, embedding] and [embedding, hidden]; empty where the model
  /// has none.
  padded_matrix project_in() const { return projection("project_in.weight", config_.hidden_size); }
  padded_matrix project_out() const { return projection("project_out.weight", config_.embedding_size); }

  /// Elements of a layer's second matrix, [hidden, ffn] as it is stored, from the `first` on.
  void read_fc2(std::size_t layer, std::size_t first, std::span<float> into) const {
    read_floats(files_.at(layer_name(layer, "fc2.weight")), first, into);
  }

  /// The gain of the decoder's own norm, [hidden]; empty where the model has no such norm, or one without gain.
  std::vector<float> final_gain() const {
    std::vector<float> gain(config_.has_final_norm && config_.has_gains ? config_.hidden_size : 0);
    if (!gain.empty()) read_floats(files_.at(prefix_ + "final_layer_norm.weight"), 0, gain);
    return gain;
  }

 private:
  using shape = std::vector<std::size_t>;
  static constexpr std::size_t position_offset = 2;  // position p is row p + 2 of embed_positions

  // A tensor that an OPT may have: where this one has none, the reason.
  struct known_tensor {
    std::string name;
    shape sizes;
    char const* absent_because = nullptr;
  };

  static std::vector<known_tensor> layer_tensors(config const& c) {
    char const* const no_biases = c.has_biases ? nullptr : "enable_bias is false";
    char const* const no_gains = c.has_gains ? nullptr : "layer_norm_elementwise_affine is false";
    std::vector<known_tensor> all;
    auto const linear = [&](std::string const& name, std::size_t out, std::size_t in) {
      all.push_back({name + ".weight", {out, in}});
      all.push_back({name + ".bias", {out}, no_biases});
    };
    for (auto const* name : {"q_proj", "k_proj", "v_proj", "out_proj"})
      linear(std::string("self_attn.") + name, c.hidden_size, c.hidden_size);
    linear("fc1", c.ffn_size, c.hidden_size);
    linear("fc2", c.hidden_size, c.ffn_size);
    for (std::string const name : {"self_attn_layer_norm", "final_layer_norm"})
      for (auto const* part : {".weight", ".bias"}) all.push_back({name + part, {c.hidden_size}, no_gains});
    return all;
  }

  static std::vector<known_tensor> decoder_tensors(config const& c) {
    char const* const no_projections = c.has_projections() ? nullptr : "word_embed_proj_dim is hidden_size";
    char const* const no_norm = !c.norm_first       ? "do_layer_norm_before is false"
                                : !c.has_final_norm ? "_remove_final_layer_norm is true"
                                : !c.has_gains      ? "layer_norm_elementwise_affine is false"
                                                    : nullptr;
    return {{"project_in.weight", {c.hidden_size, c.embedding_size}, no_projections},
            {"project_out.weight", {c.embedding_size, c.hidden_size}, no_projections},
            {"final_layer_norm.weight", {c.hidden_size}, no_norm},
            {"final_layer_norm.bias", {c.hidden_size}, no_norm}};
  }

  void check(std::string const& name, known_tensor const& known) const {
    if (known.absent_because == nullptr) {
      checked(files_.at(name), known.sizes);
    } else if (auto const* stored = files_.find(name)) {
      refuse(*stored, std::string("should not be there: ") + known.absent_because + " in config.json");
    }
  }

  padded_matrix projection(char const* name, std::size_t rows) const {
    if (!config_.has_projections()) return {};
    padded_matrix all(rows, config_.hidden_size + config_.embedding_size - rows);
    tensor const& stored = files_.at(prefix_ + name);
    for (std::size_t i = 0; i < rows; ++i) read_floats(stored, i * all.columns(), all.row(i));
    return all;
  }

  template <class F>
  void each_tensor(std::size_t layer, bool with_fc2, F const& f) const {
    for (auto const& t : layer_tensors(config_))
      if (t.absent_because == nullptr && (with_fc2 || !t.name.starts_with("fc2.")))
        f(files_.at(layer_name(layer, t.name)));
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

  // into [n, m] = the tensor [m, n], turned in blocks that the cache holds.
  void transposed(tensor const& stored, matrix_view<float> into) const {
    constexpr std::size_t rows = 64, columns = 256;
    padded_matrix block(rows, columns + 16);  // no power of two from row to row, so that a column's values find a place
    for (std::size_t first = 0; first < into.columns; first += rows)
      for (std::size_t n = 0; n < into.rows; n += columns) {
        std::size_t const count = std::min(rows, into.columns - first), wide = std::min(columns, into.rows - n);
        for (std::size_t i = 0; i < count; ++i)
          read_floats(stored, (first + i) * into.rows + n, block.row(i).first(wide));
        for (std::size_t j = 0; j < wide; ++j)
          for (std::size_t i = 0; i < count; ++i) into.row(n + j)[first + i] = block.row(i)[j];
      }
    files_.drop(stored.bytes);  // a tensor at a time is in memory twice
  }

  checkpoint files_;
  config config_;
  std::string prefix_;
  tensor embedding_, output_embedding_, positions_;
};

}  // namespace census::opt
