// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/firing_values.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/error.hpp>
#include <census/for_each_set_bit.hpp>
#include <census/model/architecture.hpp>
#include <census/model/detail/reusable_buffer.hpp>
#include <census/model/forward.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/matrix.hpp>
#include <census/model/model.hpp>
#include <census/model/model_weights.hpp>
#include <census/model/source_options.hpp>
#include <census/parallel_loop.hpp>
#include <census/simd_compress.hpp>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/partitioner.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// Runs texts through a model one layer at a time: a sequence is one task and one product, whatever its neighbours, so
/// that its bits depend on nothing else. Working memory belongs to threads and is reused.
template <firing_predicate Fires>
class layer_pass {
 public:
  layer_pass(model m, kept_values keep_values, Fires fires)
      : model_(std::move(m)), project_in_(model_.weights().project_in()), keep_values_(keep_values),
        fires_(std::move(fires)) {}

  /// residual [row, hidden] = the embeddings of a text.
  void embed(text_rows const& text, padded_matrix& residual) {
    residual.resize(text.tokens.size(), shape().hidden_size);
    model_.weights().read_embeddings([&](model_weights::embedding_rows const& rows) {
      each_sequence(text, [&](sequence const& s, workspace& w, std::size_t) {
        census::embed(rows, project_in_, std::span(text.tokens).subspan(s.first_row, s.length),
                      residual.view().middle_rows(s.first_row, s.length), w);
      });
    });
  }

  /// A layer's block. The residual is that of the next layer where `weights` have fc2, and else is no longer of use.
  /// Throws bad_input naming layer, sequence and token where an activation is NaN.
  block make_block(std::size_t layer, layer_weights const& weights, shared_text const& text, padded_matrix& residual) {
    std::size_t const rows = text->tokens.size(), neurons = shape().ffn_size;
    outputs into{.neurons = neurons};
    if (keep_values_.any)  // of firings alone few are written, and read
      into.values = values_.take(rows * padded(neurons), keeps_firings_alone() ? unset_floats : aligned_floats);
    if (keeps_firings_alone())
      into.first_values = first_values_.take(
          rows, [](std::size_t count) { return std::shared_ptr<std::size_t[]>(new std::size_t[count]); });
    into.words = words_.take(rows * packed_firings::words_for(neurons),
                             [](std::size_t count) { return std::make_shared<std::uint64_t[]>(count); });
    run(layer, weights, *text, residual, &into);
    activation_values kept;
    firing_values of_firings;
    if (keeps_firings_alone())
      of_firings = {std::move(into.values), std::move(into.first_values), rows, neurons};
    else if (keep_values_.any)
      kept = {std::move(into.values), rows, neurons, padded(neurons)};
    return {static_cast<std::uint32_t>(layer),
            text,
            {std::move(into.words), rows, neurons},
            std::move(kept),
            std::move(of_firings)};
  }

  /// The same without a block: the residual is that of the next layer.
  void pass_through(std::size_t layer, layer_weights const& weights, text_rows const& text, padded_matrix& residual) {
    run(layer, weights, text, residual, nullptr);
  }

 private:
  // What a block will hold, while sequences are written to it: packed firings, and values where they are kept. Those of
  // a sequence's firings alone lie one behind the other, from where its first row of all neurons would begin.
  struct outputs {
    std::size_t neurons;
    std::shared_ptr<float[]> values = nullptr;
    std::shared_ptr<std::size_t[]> first_values = nullptr;  // of firings alone [row]: where in values a row's begin
    std::shared_ptr<std::uint64_t[]> words = nullptr;

    std::size_t words_per_row() const { return packed_firings::words_for(neurons); }
    matrix_view<float> values_of(sequence const& s) const {
      return {values.get() + first_value_of(s), s.length, neurons, padded(neurons)};
    }
    std::size_t first_value_of(sequence const& s) const { return s.first_row * padded(neurons); }
    std::uint64_t* words_of(std::size_t row) const { return words.get() + row * words_per_row(); }
  };

  architecture const& shape() const { return model_.architecture(); }
  bool keeps_firings_alone() const {
    return keep_values_.any && keep_values_.firings_suffice && !keep_values_.before_activation;
  }

  void run(std::size_t layer, layer_weights const& weights, text_rows const& text, padded_matrix& residual,
           outputs const* into) {
    nan_rows_.assign(text.sequences.size(), std::nullopt);
    each_sequence(text, [&](sequence const& s, workspace& w, std::size_t number) {
      nan_rows_[number] = run_sequence(weights, s, residual.view().middle_rows(s.first_row, s.length), into, w);
    });
    for (std::size_t i = 0; i < nan_rows_.size(); ++i)
      if (nan_rows_[i])
        throw bad_input("layer " + std::to_string(layer) + ", document " + std::to_string(text.sequences[i].document) +
                            ", piece " + std::to_string(text.sequences[i].piece) + ", token " +
                            std::to_string(*nan_rows_[i]),
                        "the activation is NaN");
  }

  // Returns the first row that holds a NaN.
  std::optional<std::size_t> run_sequence(layer_weights const& weights, sequence const& s, matrix_view<float> residual,
                                          outputs const* into, workspace& w) {
    attend(shape(), weights, residual, w);
    bool const keeps = into != nullptr && into->values != nullptr, gathers = keeps && keeps_firings_alone(),
               copies = keeps && keep_values_.before_activation, in_place = keeps && !gathers && !copies;
    if (!in_place) w.activations.resize(s.length, shape().ffn_size);
    auto const activations = in_place ? into->values_of(s) : w.activations.view();
    auto const keep_pre_activations = [&](std::size_t i, std::span<float const> row) {
      if (!copies) return;
      auto const bias = weights.fc1_bias.row(0);
      auto const kept = into->values_of(s).row(i);
      for (std::size_t n = 0; n < kept.size(); ++n) kept[n] = row[n] + bias[n];
    };
    std::size_t next_value = gathers ? into->first_value_of(s) : 0;
    auto const keep_firings = [&](std::size_t i, std::span<float const> row,
                                  std::span<std::uint64_t const> above_zero) {
      if (into == nullptr) return;
      auto* const words = into->words_of(s.first_row + i);
      if (is_above_zero(fires_))
        std::ranges::copy(above_zero, words);
      else
        pack_row(row, words, fires_);
      if (gathers) {
        into->first_values[s.first_row + i] = next_value;
        next_value = static_cast<std::size_t>(
            keep_values(row, {words, above_zero.size()}, into->values.get() + next_value) - into->values.get());
      }
    };
    auto const nan_row = feed_forward(shape(), weights, residual, activations, w, keep_pre_activations, keep_firings);
    if (weights.has_fc2() && !nan_row) add_update(shape(), weights, activations, residual, w);
    return nan_row;
  }

  /// Copies the values of a row's firings, and returns the end of them. There has to be room for the whole row.
  static float* keep_values(std::span<float const> row, std::span<std::uint64_t const> fired, float* into) {
    for (std::size_t first = 0; first < row.size(); first += 64) {
      std::uint64_t const word = fired[first / 64];
      if (first + 64 <= row.size())
        into = simd::compress(row.data() + first, word, into);
      else
        for_each_set_bit(word, [&](std::size_t n) { *into++ = row[first + n]; });
    }
    return into;
  }

  static bool is_above_zero(fires_above const& fires) { return fires.threshold == 0; }
  static bool is_above_zero(auto const&) { return false; }

  template <class Task>
  void each_sequence(text_rows const& text, Task const& task) {
    parallel_loop(
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
  reusable_buffer<float> values_;
  reusable_buffer<std::size_t> first_values_;
  reusable_buffer<std::uint64_t> words_;
  std::vector<std::optional<std::size_t>> nan_rows_;
};

}  // namespace census::detail
