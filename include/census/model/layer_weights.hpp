// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/architecture.hpp>
#include <census/model/matrix.hpp>

#include <cstddef>
#include <cstdint>

namespace census {

/// One layer's weights in float32, rows on 64 bytes. Linear layers are [in, out], whichever way round the checkpoint
/// has them: so a product takes them fastest, and fc2 has a neuron's update in one row. Biases, gains as one row. A
/// model without biases has zeros there, one whose norms have no parameters ones and zeros: the same arithmetic.
struct layer_weights {
  padded_matrix attention_gain, attention_bias;     ///< [1, hidden], attention's norm
  padded_matrix attention_in, attention_in_bias;    ///< [hidden, 3 padded(hidden)]: queries, keys, values
  padded_matrix attention_out, attention_out_bias;  ///< [hidden, hidden], [1, hidden]
  padded_matrix ffn_gain, ffn_bias;                 ///< [1, hidden], the norm of the feed-forward block
  padded_matrix fc1, fc1_bias;                      ///< [hidden, ffn], [1, ffn]
  padded_matrix fc2, fc2_bias;                      ///< [ffn, hidden], [1, hidden]; empty where it was not asked for

  /// Whether the layer's updates can be added, so that a next layer can run.
  bool has_fc2() const { return fc2.rows() > 0; }

  /// Gives everything its shape; values are then unspecified.
  void resize(architecture const& a, bool with_fc2) {
    std::size_t const hidden = a.hidden_size;
    for (auto* row : {&attention_gain, &attention_bias, &attention_out_bias, &ffn_gain, &ffn_bias})
      row->resize(1, hidden);
    attention_in.resize(hidden, 3 * padded(hidden)), attention_in_bias.resize(1, 3 * padded(hidden));
    attention_out.resize(hidden, hidden);
    fc1.resize(hidden, a.ffn_size), fc1_bias.resize(1, a.ffn_size);
    if (with_fc2)
      fc2.resize(a.ffn_size, hidden), fc2_bias.resize(1, hidden);
    else
      fc2 = {}, fc2_bias = {};
  }

  /// Bytes that a whole layer takes.
  static std::uint64_t bytes(architecture const& a) {
    std::uint64_t const hidden = a.hidden_size, wide = padded(a.hidden_size), ffn = padded(a.ffn_size);
    return 4 * (hidden * (3 * wide) + hidden * wide + hidden * ffn + a.ffn_size * wide + 9 * wide + ffn);
  }
};

}  // namespace census
