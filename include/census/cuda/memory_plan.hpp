// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/detail/attention.hpp>
#include <census/cuda/detail/device_text.hpp>
#include <census/cuda/detail/embedder.hpp>
#include <census/cuda/detail/layer_pass.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/residual_streams.hpp>
#include <census/cuda/device_name.hpp>
#include <census/error.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/source_options.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace census::cuda {

/// A pass layer by layer, as far as a device's memory depends on it.
struct pass_size {
  std::uint64_t tokens = 0;        ///< of all texts that one device runs; of several, the one that runs most
  std::size_t context = 0;         ///< tokens of the longest sequence
  std::size_t rows_per_block = 0;  ///< tokens of the longest text
  std::size_t layers = 0;          ///< that are run
  bool keep_values = false;
};

/// Tokens that one of so many devices runs at most, where texts of up to `rows` tokens, all of much the same size, are
/// dealt to them in turn.
constexpr std::uint64_t largest_share(std::uint64_t tokens, std::size_t rows, std::size_t devices) {
  return std::min(tokens, tokens / devices + rows);
}

/// What a pass layer by layer will hold on a device, on each where there are several, in bytes: an estimate from above,
/// made before it starts.
struct device_plan {
  std::uint64_t weights = 0;                ///< of layers_held layers
  std::size_t layers_held = 0;              ///< 2: the next one comes while one runs; 1: between two
  std::uint64_t working = 0;                ///< of the pass, its products and its embeddings
  std::uint64_t blocks = 0;                 ///< those at hand: firings, values, what they are counted by
  std::uint64_t staged = 0;                 ///< residual streams on their way between host and device
  std::uint64_t tables = 0;                 ///< the caller's
  std::uint64_t residuals = 0;              ///< the residual streams of all its texts
  std::uint64_t residuals_held = 0;         ///< those that stay on the device; the others wait on the host
  std::size_t context = 0;                  ///< tokens of the longest sequence
  detail::attention_memory attention = {};  ///< what attention holds at a time

  std::uint64_t total() const { return weights + working + blocks + staged + tables + residuals_held; }

  /// Bytes of residual streams that wait on the host, in whole texts.
  std::uint64_t residuals_waiting() const {
    constexpr std::uint64_t buffers = detail::residual_streams::buffers;
    return residuals_held < residuals ? std::min(residuals, residuals - residuals_held + staged / buffers) : 0;
  }
};

namespace detail {

/// Blocks whose firings are on the device at a time: one is being made, one waits, two are looked at.
inline constexpr std::size_t blocks_at_hand = 4;

/// Bytes a row of a block takes for the rows of the tables that it is counted in, at most.
inline constexpr std::uint64_t bytes_to_count_a_row = 256;

/// All but the residual streams, which are asked to wait elsewhere.
template <product_engine Products>
device_plan plan_without_residuals(basic_model<Products> const& m, pass_size const& pass, std::size_t layers_held,
                                   attention_memory const& attention) {
  architecture const& a = m.architecture();
  precision const p = m.precision();
  std::size_t const rows = std::min<std::uint64_t>(pass.rows_per_block, pass.tokens);
  device_plan plan{.layers_held = layers_held, .tables = m.device_memory_of_tables(), .context = pass.context};
  plan.attention = attention;
  plan.weights = layers_held * weights_layout(a, p).bytes(pass.layers > 1);
  plan.working = layer_pass<Products>::bytes(a, p, {.keep_values = pass.keep_values, .attention = attention}) +
                 embedder<Products>::bytes(a, p, pass.context, rows) + Products::workspace_bytes;
  std::uint64_t const row = sizeof(std::uint64_t) * packed_firings::words_for(a.ffn_size) + bytes_to_count_a_row +
                            (pass.keep_values ? sizeof(float) * padded(a.ffn_size) : 0);
  plan.blocks = blocks_at_hand * row * rows;
  plan.residuals = pass.layers > 1 ? residual_streams::bytes(pass.tokens, a.hidden_size) : 0;
  plan.staged = residual_streams::buffers * residual_streams::bytes(rows, a.hidden_size);
  return plan;
}

/// The plan within the model's device memory, or the smallest one, which is larger. Of plans that fit, the first whose
/// waiting residual streams the host holds; else the first.
template <product_engine Products>
device_plan best_plan(basic_model<Products> const& m, pass_size const& pass,
                      std::uint64_t on_host = std::numeric_limits<std::uint64_t>::max()) {
  std::size_t const longest = device_text::padded_length(pass.context, Products::attention_tile);
  attention_memory const least{longest, Products::attention_tile * longest};
  attention_memory const ample{std::max(longest, std::min(pass.rows_per_block, attention_memory{}.rows)),
                               std::max(least.scores, attention_memory{}.scores)};
  device_plan plan;
  std::optional<device_plan> fitting;
  for (auto const& attention : {ample, least})
    for (std::size_t held = std::min<std::size_t>(2, pass.layers); held > 0; --held) {
      plan = plan_without_residuals(m, pass, held, attention);
      if (pass.layers > 1 && plan.total() - plan.staged + plan.residuals <= m.device_memory())
        plan.staged = 0, plan.residuals_held = plan.residuals;
      else if (plan.total() <= m.device_memory())
        plan.residuals_held = std::min(plan.residuals, m.device_memory() - plan.total());
      else
        continue;
      if (plan.residuals_waiting() <= on_host) return plan;
      if (!fitting) fitting = plan;
    }
  return fitting.value_or(plan);
}

template <product_engine Products>
void check_fits(basic_model<Products> const& m, device_plan const& plan) {
  if (plan.total() <= m.device_memory()) return;
  throw bad_input("device memory " + std::to_string(m.device_memory() >> 20) + "MiB of " +
                      device_name(m.smallest_device().number),
                  "this needs at least " + std::to_string((plan.total() >> 20) + 1) + "MiB, of these " +
                      std::to_string((plan.tables >> 20) + 1) + "MiB tables");
}

/// The plan with the largest blocks that fit, of which it takes note; a block has at least a sequence.
template <product_engine Products>
device_plan plan_with_blocks(basic_model<Products> const& m, pass_size& pass) {
  auto plan = best_plan(m, pass);
  while (plan.total() > m.device_memory() && pass.rows_per_block > pass.context) {
    pass.rows_per_block = std::max(pass.rows_per_block / 2, pass.context);
    plan = best_plan(m, pass);
  }
  check_fits(m, plan);
  return plan;
}

}  // namespace detail

/// Plans a pass within the memory of each device that the model may use, so that on the host wait at most `on_host`
/// bytes of residual streams of each, where that can be: two layers are not held at the price of a file. Throws
/// bad_input with the smallest device memory that would do where that is not enough.
template <product_engine Products>
device_plan plan_device(basic_model<Products> const& m, pass_size const& pass,
                        std::uint64_t on_host = std::numeric_limits<std::uint64_t>::max()) {
  auto const plan = detail::best_plan(m, pass, on_host);
  detail::check_fits(m, plan);
  return plan;
}

/// Plans a pass over `layers` as census::plan_layers does, the memory of the devices and the host's: of the residual
/// streams, those that no device holds wait on the host, and those that `memory` does not hold in a file. Blocks that
/// keep values hold them on their device as well, until they have come home. Throws bad_input with the smallest memory
/// that would do, of a device or of the host, where that is not enough.
template <product_engine Products>
memory_plan plan_layers(basic_model<Products> const& m, layer_range layers, std::uint64_t tokens, std::size_t context,
                        std::size_t threads, std::uint64_t elsewhere, std::uint64_t memory,
                        std::size_t most_rows = std::numeric_limits<std::size_t>::max(), bool keep_values = false) {
  architecture const& a = m.architecture();
  std::size_t const devices = m.devices().size();
  // Values are looked at on the host, where a sequence is one task.
  std::size_t const wanted = std::max(source_options<>{}.rows_per_block, keep_values ? threads * context : context),
                    rows_at_most = std::max(std::min(wanted, most_rows), context);
  pass_size pass{.tokens = largest_share(tokens, rows_at_most, devices),
                 .context = context,
                 .rows_per_block = rows_at_most,
                 .layers = layers.last,
                 .keep_values = keep_values};
  device_plan const on_device = detail::plan_with_blocks(m, pass);

  // On the host: two layers in float32, one of them also as it is sent, in page-locked memory. For each device, two
  // texts and the embeddings of one.
  memory_plan plan{.elsewhere = elsewhere, .rows_per_block = pass.rows_per_block};
  for (std::size_t layer = 0; layer < layers.last; ++layer) {
    plan.weights = std::max(plan.weights, m.weights().largest_tensor_bytes(layer));
    plan.weights_read += m.weights().layer_bytes(layer, layer + 1 < layers.last);
  }
  plan.weights += 2 * layer_weights::bytes(a) + detail::weights_layout(a, m.precision()).bytes(layers.last > 1);
  std::uint64_t const rows = std::min<std::uint64_t>(pass.rows_per_block, tokens),
                      a_text = detail::residual_streams::bytes(rows, a.hidden_size);
  plan.working = 2 * rows * sizeof(std::uint64_t) * packed_firings::words_for(a.ffn_size) +
                 devices * (2 * rows * sizeof(token_id) + a_text) + threads * sizeof(float) * padded(a.hidden_size);
  plan.residuals = devices * on_device.residuals_waiting();
  if (plan.total() + plan.residuals <= memory) {
    plan.residuals_held = plan.residuals;
    return plan;
  }
  plan.working += devices * 4 * a_text;  // between file and device
  if (plan.total() > memory)
    throw bad_input("memory " + std::to_string(memory >> 20) + "MiB",
                    "this needs at least " + std::to_string((plan.total() >> 20) + 1) + "MiB");
  plan.residuals_held = memory - plan.total();
  return plan;
}

}  // namespace census::cuda
