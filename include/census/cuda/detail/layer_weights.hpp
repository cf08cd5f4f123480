// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/factors.hpp>
#include <census/cuda/precision.hpp>
#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::cuda::detail {

/// Where the parts of a layer's weights lie in one piece of memory, in bytes from its start: what is staged on the host
/// is a device's memory byte for byte, so that one copy uploads a layer. Matrices are [padded(in), padded(out)] of the
/// precision's factors, attention_in of three such side by side; biases and gains are [padded(size)] float32; all
/// padding is 0. Each part starts on 256 bytes. fc2 and its bias come last, for they may be left out.
struct weights_layout {
  std::size_t attention_gain, attention_bias, attention_in, attention_in_bias, attention_out, attention_out_bias;
  std::size_t ffn_gain, ffn_bias, fc1, fc1_bias;
  std::size_t without_fc2;  ///< bytes up to here, where fc2 is left out
  std::size_t fc2, fc2_bias;
  std::size_t whole;  ///< bytes of all of it

  weights_layout(architecture const& a, precision p) {
    std::size_t const hidden = padded(a.hidden_size), ffn = padded(a.ffn_size);
    std::size_t end = 0;
    auto const place = [&](std::size_t bytes) {
      std::size_t const at = end;
      end += (bytes + 255) / 256 * 256;
      return at;
    };
    auto const row = [&](std::size_t size) { return place(size * sizeof(float)); };
    auto const matrix = [&](std::size_t in, std::size_t out) { return place(in * out * factor_bytes(p)); };
    attention_gain = row(hidden), attention_bias = row(hidden);
    attention_in = matrix(hidden, 3 * hidden), attention_in_bias = row(3 * hidden);
    attention_out = matrix(hidden, hidden), attention_out_bias = row(hidden);
    ffn_gain = row(hidden), ffn_bias = row(hidden);
    fc1 = matrix(hidden, ffn), fc1_bias = row(ffn);
    without_fc2 = end;
    fc2 = matrix(ffn, hidden), fc2_bias = row(hidden);
    whole = end;
  }

  std::size_t bytes(bool with_fc2) const { return with_fc2 ? whole : without_fc2; }
};

/// Writes a layer's weights as a device wants them; fc2 where `weights` have it. `into` holds
/// weights_layout(a, p).bytes(weights.has_fc2()) bytes on a boundary of 16, or std::invalid_argument. Threads share the
/// work. Throws bad_input naming the layer and the matrix where a weight is beyond the precision's range.
inline void stage_weights(std::size_t layer, architecture const& a, census::layer_weights const& weights, precision p,
                          std::span<std::byte> into) {
  weights_layout const at(a, p);
  std::size_t const hidden = padded(a.hidden_size), ffn = padded(a.ffn_size);
  if (into.size() != at.bytes(weights.has_fc2()))
    throw std::invalid_argument("census::cuda: a layer's weights take " + std::to_string(at.bytes(weights.has_fc2())) +
                                " bytes, not " + std::to_string(into.size()));
  auto const row = [&](padded_matrix const& from, std::size_t place) {
    write_factors(from.row(0), precision::exact, padded(from.columns()), into.data() + place);
  };
  auto const matrix = [&](padded_matrix const& from, std::size_t rows, std::size_t width, std::size_t place,
                          char const* name) {
    if (!write_factors(from.view(), p, rows, width, into.data() + place))
      throw bad_input("layer " + std::to_string(layer) + ", " + name,
                      "a weight is beyond the range of " + std::string(name_of(p)));
  };
  row(weights.attention_gain, at.attention_gain), row(weights.attention_bias, at.attention_bias);
  matrix(weights.attention_in, hidden, 3 * hidden, at.attention_in, "queries, keys and values");
  row(weights.attention_in_bias, at.attention_in_bias);
  matrix(weights.attention_out, hidden, hidden, at.attention_out, "attention's output");
  row(weights.attention_out_bias, at.attention_out_bias);
  row(weights.ffn_gain, at.ffn_gain), row(weights.ffn_bias, at.ffn_bias);
  matrix(weights.fc1, hidden, ffn, at.fc1, "fc1");
  row(weights.fc1_bias, at.fc1_bias);
  if (!weights.has_fc2()) return;
  matrix(weights.fc2, ffn, hidden, at.fc2, "fc2");
  row(weights.fc2_bias, at.fc2_bias);
}

/// A layer's weights in a device's memory, of which it allocates one piece when it is made. Reused for layer after
/// layer.
class layer_weights {
 public:
  /// Memory for a layer with fc2, or for one without, to be used in the device's stream or first in another one.
  layer_weights(std::shared_ptr<device const> on, architecture const& a, precision p, bool with_fc2,
                cudaStream_t first_used_in)
      : at_(a, p), memory_(std::move(on), at_.bytes(with_fc2), first_used_in) {}

  /// Takes over what stage_weights has written, with fc2 or without: a copy in `stream`, for which it does not wait.
  /// `staged`, best in pinned memory, must stay as it is until that has run. Work in another stream that reads the
  /// weights from before must have ended, or `stream` wait for it; what reads the new ones waits for `stream`.
  void upload(std::span<std::byte const> staged, cudaStream_t stream) {
    bool const with_fc2 = staged.size() == at_.whole;
    if (staged.size() > memory_.size() || (!with_fc2 && staged.size() != at_.without_fc2))
      throw std::invalid_argument("census::cuda: " + std::to_string(staged.size()) +
                                  " bytes are no layer's weights, or of one with fc2, for which there is no place");
    check(cudaMemcpyAsync(memory_.data(), staged.data(), staged.size(), cudaMemcpyHostToDevice, stream),
          "cudaMemcpyAsync");
    has_fc2_ = with_fc2;
  }

  /// Whether the layer's updates can be added, so that a next layer can run.
  bool has_fc2() const { return has_fc2_; }

  void const* attention_in() const { return memory_.data() + at_.attention_in; }
  void const* attention_out() const { return memory_.data() + at_.attention_out; }
  void const* fc1() const { return memory_.data() + at_.fc1; }
  void const* fc2() const { return memory_.data() + at_.fc2; }

  float const* attention_gain() const { return row(at_.attention_gain); }
  float const* attention_bias() const { return row(at_.attention_bias); }
  float const* attention_in_bias() const { return row(at_.attention_in_bias); }
  float const* attention_out_bias() const { return row(at_.attention_out_bias); }
  float const* ffn_gain() const { return row(at_.ffn_gain); }
  float const* ffn_bias() const { return row(at_.ffn_bias); }
  float const* fc1_bias() const { return row(at_.fc1_bias); }
  float const* fc2_bias() const { return row(at_.fc2_bias); }

 private:
  float const* row(std::size_t place) const { return reinterpret_cast<float const*>(memory_.data() + place); }

  weights_layout at_;
  device_array<std::byte> memory_;
  bool has_fc2_ = false;
};

}  // namespace census::cuda::detail
