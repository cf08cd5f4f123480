// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/precision.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_weights.hpp>

#include <cuda_runtime_api.h>

#include <cstddef>
#include <span>

namespace census::cuda::detail {

/// Where the parts of a layer's weights lie in one piece of memory, in bytes from its start: what is staged on the host
/// is a device's memory byte for byte, so that one copy uploads a layer. Matrices are [padded(in), padded(out)] of the
/// precision's factors, biases and gains [padded(size)] float32, all padding 0; each part starts on 256 bytes. fc2 and
/// its bias come last, for they may be left out.
struct weights_layout {
  std::size_t attention_gain, attention_bias, attention_in, attention_in_bias, attention_out, attention_out_bias;
  std::size_t ffn_gain, ffn_bias, fc1, fc1_bias;
  std::size_t without_fc2;  ///< bytes up to here, where fc2 is left out
  std::size_t fc2, fc2_bias;
  std::size_t whole;  ///< bytes of all of it

  weights_layout(architecture const& a, precision p);

  std::size_t bytes(bool with_fc2) const { return with_fc2 ? whole : without_fc2; }
};

/// Writes a layer's weights as a device wants them; fc2 where `weights` have it. `into` holds
/// weights_layout(a, p).bytes(weights.has_fc2()) bytes on a boundary of 16. Threads share the work. Throws bad_input
/// naming the layer and the matrix where a weight is beyond the range of half precision.
inline void stage_weights(std::size_t layer, architecture const& a, census::layer_weights const& weights, precision p,
                          std::span<std::byte> into);

/// A layer's weights in a device's memory, of which it allocates one piece when it is made. Reused for layer after
/// layer.
class layer_weights {
 public:
  /// Allocates, in the stream's order, memory for a layer with fc2, or for one without.
  layer_weights(architecture const& a, precision p, bool with_fc2, cudaStream_t stream);

  /// Takes over what stage_weights has written, with fc2 or without: a copy on `stream`, which it does not wait for.
  /// `staged`, best in pinned memory, must stay as it is until the stream has come so far; and whatever reads these
  /// weights on another stream must have ended before, and wait for this one after.
  void upload(std::span<std::byte const> staged, cudaStream_t stream);

  /// Whether the layer's updates can be added, so that a next layer can run.
  bool has_fc2() const;

  // Device pointers: matrices of factors, biases and gains of float32.
  void const* attention_in() const;
  void const* attention_out() const;
  void const* fc1() const;
  void const* fc2() const;
  float const* attention_gain() const;
  float const* attention_bias() const;
  float const* attention_in_bias() const;
  float const* attention_out_bias() const;
  float const* ffn_gain() const;
  float const* ffn_bias() const;
  float const* fc1_bias() const;
  float const* fc2_bias() const;
};

}  // namespace census::cuda::detail
