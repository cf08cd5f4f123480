// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_rows.hpp>
#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>

#include <cstddef>
#include <string>

namespace census {

/// Reads the weights of all layers up to the last one asked for, once: throws bad_input naming file and tensor where a
/// value is not finite, which a pass over a long text would else find late. Large models are better left to the pass
/// itself.
inline void check_weights(model const& m, layer_range layers) {
  layer_weights read;
  for (std::size_t layer = 0; layer < layers.last; ++layer) m.weights().load(layer, true, read);
}

/// Throws bad_input naming the place where a token is outside the vocabulary or a sequence is longer than the model's
/// positions.
inline void check_text(architecture const& a, text_rows const& text) {
  for (sequence const& s : text.sequences) {
    auto const place = [&] { return "document " + std::to_string(s.document) + ", piece " + std::to_string(s.piece); };
    if (s.length > a.max_positions)
      throw bad_input(place(), "the sequence has " + std::to_string(s.length) + " tokens, but the model only " +
                                   std::to_string(a.max_positions) + " positions");
    for (std::size_t i = s.first_row; i < s.first_row + s.length; ++i)
      if (text.tokens[i] >= a.vocabulary_size)
        throw bad_input(place() + ", token " + std::to_string(i - s.first_row),
                        "the id " + std::to_string(text.tokens[i]) + " is outside the vocabulary of " +
                            std::to_string(a.vocabulary_size) + " tokens");
  }
}

}  // namespace census
