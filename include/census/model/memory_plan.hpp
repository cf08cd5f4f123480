// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/error.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/residual_store.hpp>
#include <census/model/forward.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>
#include <census/model/product.hpp>
#include <census/model/source_options.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace census {

/// What a pass layer by layer, `layers` with keep_values off, will hold and read, in bytes: an estimate from above,
/// made before it starts. docs/memory.md gives the formula.
struct memory_plan {
  std::uint64_t weights = 0;         ///< one layer in float32, and the largest tensor of it as it is stored
  std::uint64_t working = 0;         ///< of the threads, and the block at hand
  std::uint64_t elsewhere = 0;       ///< what the caller holds: tables, texts, the program itself
  std::uint64_t residuals = 0;       ///< the residual streams of the whole text
  std::uint64_t residuals_held = 0;  ///< those that stay in memory; the others wait in a file
  std::uint64_t weights_read = 0;    ///< bytes of the layers' weights that are read, once each
  std::size_t rows_per_block = 0;

  std::uint64_t total() const { return weights + working + elsewhere + residuals_held; }
};

/// Plans a pass over `layers` for `tokens` tokens in sequences of at most `context`, beside `elsewhere` bytes of the
/// caller's, within `memory` bytes. A block has at most `most_rows` tokens, a sequence at least; its values, where it
/// keeps them, are among the caller's. Throws bad_input with the smallest memory that would do where that is not
/// enough.
inline memory_plan plan_layers(model const& m, layer_range layers, std::uint64_t tokens, std::size_t context,
                               std::size_t threads, std::uint64_t elsewhere, std::uint64_t memory,
                               std::size_t most_rows = std::numeric_limits<std::size_t>::max(),
                               [[maybe_unused]] bool keep_values = false) {
  architecture const& a = m.architecture();
  memory_plan plan;
  plan.elsewhere = elsewhere;
  plan.residuals = residual_store::bytes(tokens, a.hidden_size);
  for (std::size_t layer = 0; layer < layers.last; ++layer) {
    plan.weights = std::max(plan.weights, layer_weights::bytes(a) + m.weights().largest_tensor_bytes(layer));
    plan.weights_read += m.weights().layer_bytes(layer, layer + 1 < layers.last);
  }

  std::uint64_t const thread = workspace::bytes(a, context) + product_buffer_bytes;
  std::uint64_t const firings_of_row = sizeof(std::uint64_t) * packed_firings::words_for(a.ffn_size);
  auto const with_block = [&](std::size_t rows_per_block) {
    std::uint64_t const rows = std::min<std::uint64_t>(std::max(rows_per_block, context), tokens);
    plan.rows_per_block = rows_per_block;
    plan.working =
        threads * thread + 2 * rows * (firings_of_row + sizeof(token_id));  // the block at hand, and the one before
    return residual_store::bytes(rows, a.hidden_size);  // the text at hand, where its residual stream waits in a file
  };
  std::uint64_t at_hand = 0;  // a sequence is one task, so fewer of them than threads would leave some idle
  for (std::size_t const rows :
       {std::max(source_options<>{}.rows_per_block, 2 * threads * context), threads * context, context}) {
    at_hand = with_block(std::max(std::min(rows, most_rows), context));
    if (plan.total() + std::min(at_hand, plan.residuals) <= memory) break;
  }
  if (plan.total() + plan.residuals <= memory) {
    plan.residuals_held = plan.residuals;
    return plan;
  }
  plan.working += at_hand;
  if (plan.total() > memory)
    throw bad_input("memory " + std::to_string(memory >> 20) + "MiB",
                    "this needs at least " + std::to_string((plan.total() >> 20) + 1) + "MiB");
  plan.residuals_held = memory - plan.total();
  return plan;
}

}  // namespace census
