// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/recording/stored_array.hpp>
#include <census/token_id.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace census {

/// What belongs to a recording's activations, and how they are cut into sequences.
struct recording_options {
  optional_array tokens = {};        ///< token ids [batch, position], or as many in one row; whole numbers
  optional_array mask = {};          ///< likewise: 1 where there is a token, 0 where there is padding
  std::optional<token_id> bos = {};  ///< a sequence that begins with this id begins with BOS, which is no text
  std::size_t sequence_length = 0;   ///< activations [token, neuron] are sequences of so many tokens; 0: they are one
  std::uint64_t first_document = 0;  ///< each sequence is a document: sequence i is document first_document + i
  std::uint16_t domain = 0;
};

/// How a recording is read.
template <firing_predicate Fires = fires_above>
struct reading_options {
  std::size_t rows_per_block = 8192;  ///< tokens: as many whole sequences as fit, at least one
  bool keep_values = true;            ///< blocks carry values [token, neuron]; else packed firings alone
  Fires fires = {};
};

}  // namespace census
