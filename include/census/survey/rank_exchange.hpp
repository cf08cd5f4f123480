// SPDX-License-Identifier: MIT
#pragma once

#include <census/survey/layer_state.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace census {

/// What a census asks of the processes ("ranks", numbered from 0) that take it together. Each surveys the texts that
/// are dealt to it (dealt_texts), layer by layer; rank 0 has the results. state_exchange is one.
class rank_exchange {
 public:
  virtual ~rank_exchange() = default;

  virtual std::size_t rank() const = 0;
  virtual std::size_t ranks() const = 0;

  /// A layer was surveyed here. On rank 0: what all ranks observed of it, merged in the order of the ranks, once each
  /// has come so far. On the others nothing: what they observed is with rank 0, or will be when that asks for it.
  /// `fresh` is a state of that layer which has observed nothing.
  virtual std::optional<layer_state> gather(std::uint32_t layer, layer_state const& own, layer_state const& fresh) = 0;

  /// Should this rank be killed from here on, it goes on with this layer: those before it will not be gathered again.
  /// Called on any thread.
  virtual void note_stored(std::uint32_t layer) = 0;
};

}  // namespace census
