// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/model/activation_function.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace census {

/// How a layer's norms are computed, and where: a norm before attention or feed-forward block makes what that reads of
/// the residual stream, one after it makes the residual stream anew once the update has been added.
struct norm_settings {
  enum class kind : std::uint8_t { layer, rms };
  enum class place : std::uint8_t { before, after };

  kind is = kind::layer;
  place stands = place::before;
  float epsilon = 1e-5f;
  bool gains = true, shifts = true;  ///< whether the normed vector is multiplied by, and added to, learned parameters
};

/// How a token's position reaches the model.
struct position_settings {
  enum class kind : std::uint8_t { none, learned, rotary };

  kind are = kind::learned;
  std::size_t offset = 0;               ///< learned: position p is row p + offset of the table
  double theta = 10'000, fraction = 1;  ///< rotary: the base, and the share of a head's columns that are rotated
};

/// Which linear maps of a layer have biases.
struct bias_settings {
  bool attention_in = true, attention_out = true, feed_forward = true;
};

/// All in which published decoders differ, as data: the forward pass reads nothing else. Which names the tensors have
/// is tensor_layout's. What no family asks for yet, check_is_computed refuses.
struct architecture {
  std::size_t vocabulary_size = 0;
  std::size_t hidden_size = 0;  ///< of the residual stream
  std::size_t layers = 0;
  std::size_t heads = 0;            ///< of the queries
  std::size_t key_value_heads = 0;  ///< of keys and values: each serves heads / key_value_heads of the queries'
  std::size_t head_size = 0;
  std::size_t ffn_size = 0;          ///< neurons of a layer
  std::size_t max_positions = 0;     ///< the longest sequence, in tokens, BOS included
  std::size_t embedding_size = 0;    ///< of a token
  std::optional<token_id> bos = {};  ///< what a text begins with, where the model has such a token
  std::optional<token_id> pad = {};  ///< what rows of ids are filled up with, likewise

  norm_settings norms = {};
  position_settings positions = {};
  bias_settings biases = {};
  activation_function activation = activation_function::relu;
  bool gated = false;              ///< the feed-forward block multiplies by a second product of its input
  bool parallel_residual = false;  ///< attention and feed-forward block read the same residual stream
  bool final_norm = true;          ///< the decoder's own norm, after the last layer
  bool tied = true;                ///< the output embedding is the input's

  /// Whether linear maps lead from a token's embedding to the residual stream and back.
  bool has_projections() const { return embedding_size != hidden_size; }
};

/// Throws bad_input, `place` naming the config, where an architecture has what the forward pass does not compute.
inline void check_is_computed(architecture const& a, std::string const& place) {
  auto const refuse_if = [&](bool given, char const* what) {
    if (given) throw bad_input(place, std::string("the model has ") + what + ", which is not computed");
  };
  refuse_if(a.norms.is == norm_settings::kind::rms, "RMS norms");
  refuse_if(a.norms.gains != a.norms.shifts, "norms with gains or shifts alone");
  refuse_if(a.positions.are == position_settings::kind::rotary, "rotary positions");
  refuse_if(a.positions.are == position_settings::kind::none, "no positions");
  refuse_if(a.key_value_heads != a.heads, "fewer heads of keys and values than of queries");
  refuse_if(a.heads * a.head_size != a.hidden_size, "heads that together are not as wide as the residual stream");
  refuse_if(a.gated, "a gated feed-forward block");
  refuse_if(a.parallel_residual, "attention and feed-forward block side by side");
}

}  // namespace census
