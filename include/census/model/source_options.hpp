// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/pass_snapshots.hpp>
#include <census/activation/text_list.hpp>
#include <census/model/layer_range.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>

namespace census {

/// Which values a block carries beside its packed firings: none, its activations, or its pre-activations; of all
/// neurons, or, where those suffice and a source can leave out the others, of firings alone.
struct kept_values {
  bool any, before_activation = false, firings_suffice = false;
  constexpr kept_values(bool activations) : any(activations) {}
  constexpr kept_values(bool some, bool pre_activations, bool those_of_firings_suffice = false)
      : any(some), before_activation(pre_activations), firings_suffice(those_of_firings_suffice) {}
};

/// For source_options::keep_values: what fc1 gives, its bias added, before the activation function; ReLU lets nothing
/// of it through that is negative. Above 0 in just the places where the activation is, so that firings are the same.
inline constexpr kept_values pre_activations{true, true};

/// For source_options::keep_values: the activations of firings, as block::firing_values.
inline constexpr kept_values values_of_firings{true, false, true};

/// Whatever can be cut into texts of about so many rows, whole sequences, in order: a corpus.
template <class C>
concept text_supplier = requires(C const& corpus, std::size_t rows) {
  { corpus.texts(rows) } -> std::convertible_to<text_list>;
};

/// What a running model yields. The results do not depend on rows_per_block, keep_weights or the number of threads.
template <firing_predicate Fires = fires_above>
struct source_options {
  layer_range layers = {};
  std::size_t rows_per_block = 8192;  ///< tokens: as many whole sequences as fit, at least one; they run in parallel
  kept_values keep_values = true;     ///< blocks carry values [token, neuron]; else, with false, packed firings alone
  bool keep_weights = true;  ///< `activations` holds all its layers in float32; else it reads each anew for each block
  Fires fires = {};
  /// Of `layers` alone: bytes of residual streams to hold between layers; what is beyond waits in a file in this
  /// folder, the system's for temporary files where that is empty.
  std::uint64_t residual_memory = std::numeric_limits<std::uint64_t>::max();
  std::filesystem::path residual_folder = ".";
  /// Of `layers` alone: so that the pass can be stored while it runs; residual streams then lie in this one's folder.
  std::optional<pass_snapshots> snapshots = {};
};

}  // namespace census
