// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/error.hpp>
#include <census/model/matrix.hpp>
#include <census/model/opt/forward.hpp>
#include <census/model/opt/layer_range.hpp>
#include <census/model/opt/model.hpp>
#include <census/model/opt/source_options.hpp>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::opt {

/// Reads the weights of all layers up to the last one asked for, once: throws bad_input naming file and tensor where a
/// value is not finite, which a pass over a long text would else find late. Large models are better left to the pass
/// itself.
inline void check_weights(model const& m, layer_range layers) {
  layer_weights read;
  for (std::size_t layer = 0; layer < layers.last; ++layer) m.weights().load(layer, true, read);
}

/// Throws bad_input naming the place where a token is outside the vocabulary or a sequence is longer than the model's
/// positions.
inline void check_text(config const& c, text_rows const& text) {
  for (sequence const& s : text.sequences) {
    auto const place = [&] { return "document " + std::to_string(s.document) + ", piece " + std::to_string(s.piece); };
    if (s.length > c.max_positions)
      throw bad_input(place(), "the sequence has " + std::to_string(s.length) + " tokens, but the model only " +
                                   std::to_string(c.max_positions) + " positions");
    for (std::size_t i = s.first_row; i < s.first_row + s.length; ++i)
      if (text.tokens[i] >= c.vocabulary_size)
        throw bad_input(place() + ", token " + std::to_string(i - s.first_row),
                        "the id " + std::to_string(text.tokens[i]) + " is outside the vocabulary of " +
                            std::to_string(c.vocabulary_size) + " tokens");
  }
}

namespace detail {

// One buffer that is used again once nobody else holds it, so that a loop over blocks asks for memory once.
template <class T>
class reusable_buffer {
 public:
  template <class Make>
  std::shared_ptr<T[]> take(std::size_t count, Make make) {
    if (count > capacity_ || held_.use_count() != 1) {
      held_.reset();
      held_ = make(capacity_ = count);
    }
    std::atomic_thread_fence(std::memory_order_acquire);  // whoever let go of it last has finished reading
    return held_;
  }

 private:
  std::shared_ptr<T[]> held_;
  std::size_t capacity_ = 0;
};

}  // namespace detail

/// Runs texts through a model one layer at a time: a sequence is one task and one product, whatever its neighbours, so
/// that its bits depend on nothing else. Working memory belongs to threads and is reused.
template <firing_predicate Fires>
class layer_pass {
 public:
  layer_pass(model m, kept_values keep_values, Fires fires)
      : model_(std::move(m)), project_in_(model_.weights().project_in()), keep_values_(keep_values),
        fires_(std::move(fires)) {}

  config const& shape() const { return model_.config(); }

  /// residual [row, hidden] = the embeddings of a text.
  void embed(text_rows const& text, padded_matrix& residual) {
    residual.resize(text.tokens.size(), shape().hidden_size);
    each_sequence(text, [&](sequence const& s, workspace& w, std::size_t) {
      opt::embed(model_.weights(), project_in_, std::span(text.tokens).subspan(s.first_row, s.length),
                 residual.view().middle_rows(s.first_row, s.length), w);
    });
  }

  /// Runs one layer: its block where `emit` is asked for; the residual is that of the next layer where `update` is, and
  /// else is no longer of use. Throws bad_input naming layer, sequence and token where an activation is NaN.
  std::optional<block> run(std::size_t layer, layer_weights const& weights, shared_text const& text,
                           padded_matrix& residual, bool emit, bool update) {
    std::size_t const rows = text->tokens.size(), neurons = shape().ffn_size, stride = padded(neurons);
    std::size_t const words_per_row = packed_firings::words_for(neurons);
    std::shared_ptr<float[]> values;
    std::shared_ptr<std::uint64_t[]> words;
    if (emit && keep_values_.any) values = values_.take(rows * stride, aligned_floats);
    if (emit)
      words =
          words_.take(rows * words_per_row, [](std::size_t count) { return std::make_shared<std::uint64_t[]>(count); });

    nan_rows_.assign(text->sequences.size(), std::nullopt);
    each_sequence(*text, [&](sequence const& s, workspace& w, std::size_t number) {
      auto const own = residual.view().middle_rows(s.first_row, s.length);
      attend(shape(), weights, own, w);
      bool const in_place = values != nullptr && !keep_values_.before_activation;
      if (!in_place) w.activations.resize(s.length, neurons);
      auto const activations = in_place
                                   ? matrix_view<float>{values.get() + s.first_row * stride, s.length, neurons, stride}
                                   : w.activations.view();
      auto const keep_pre_activations = [&](std::size_t i, std::span<float const> row) {
        if (values == nullptr || in_place) return;
        auto const bias = weights.fc1_bias.row(0);
        float* const kept = values.get() + (s.first_row + i) * stride;
        for (std::size_t n = 0; n < neurons; ++n) kept[n] = row[n] + bias[n];
      };
      nan_rows_[number] =
          feed_forward(shape(), weights, own, activations, w, keep_pre_activations,
                       [&](std::size_t i, std::span<float const> row, std::span<std::uint64_t const> above_zero) {
                         if (words == nullptr) return;
                         auto* const own_words = words.get() + (s.first_row + i) * words_per_row;
                         if (is_above_zero(fires_))
                           std::ranges::copy(above_zero, own_words);
                         else
                           pack_row(row, own_words, fires_);
                       });
      if (update && !nan_rows_[number]) add_update(shape(), weights, activations, own, w);
    });
    for (std::size_t i = 0; i < nan_rows_.size(); ++i)
      if (nan_rows_[i])
        throw bad_input("layer " + std::to_string(layer) + ", document " + std::to_string(text->sequences[i].document) +
                            ", piece " + std::to_string(text->sequences[i].piece) + ", token " +
                            std::to_string(*nan_rows_[i]),
                        "the activation is NaN");
    if (!emit) return std::nullopt;
    activation_values kept;
    if (values != nullptr) kept = {std::move(values), rows, neurons, stride};
    return block{static_cast<std::uint32_t>(layer), text, {std::move(words), rows, neurons}, std::move(kept)};
  }

 private:
  static bool is_above_zero(fires_above const& fires) { return fires.threshold == 0; }
  static bool is_above_zero(auto const&) { return false; }

  template <class Task>
  void each_sequence(text_rows const& text, Task const& task) {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, text.sequences.size(), 1),
        [&](tbb::blocked_range<std::size_t> const& range) {
          for (std::size_t i = range.begin(); i < range.end(); ++i) task(text.sequences[i], workspaces_.local(), i);
        },
        tbb::simple_partitioner{});
  }

  model model_;
  padded_matrix project_in_;  // empty where the model has none
  kept_values keep_values_;
  Fires fires_;
  tbb::enumerable_thread_specific<workspace> workspaces_;
  detail::reusable_buffer<float> values_;
  detail::reusable_buffer<std::uint64_t> words_;
  std::vector<std::optional<std::size_t>> nan_rows_;
};

}  // namespace census::opt
