// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/block.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/activation/text_parts.hpp>
#include <census/activation/text_rows.hpp>
#include <census/parallel_loop.hpp>
#include <census/recording/detail/find_layers.hpp>
#include <census/recording/detail/read_values.hpp>
#include <census/recording/detail/recorded_shape.hpp>
#include <census/recording/detail/recorded_text.hpp>
#include <census/recording/recording_options.hpp>
#include <census/recording/stored_array.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// What a recording holds: its layers, mapped, and its text.
class recorded_layers {
 public:
  recorded_layers(stored_array const& where, recording_options const& options)
      : layers_(find_layers(where)), shape_(common_shape(options.sequence_length)),
        text_(shape_.batch, shape_.positions, options) {}

  std::map<std::uint32_t, stored_layer> const& all() const { return layers_; }
  recorded_text const& text() const { return text_; }

  /// As many whole sequences in each part as have at most so many rows, at least one.
  std::vector<text_part> parts(std::size_t rows_per_block) const {
    text_parts cut(rows_per_block);
    for (recorded_sequence const& one : text_.sequences()) cut.append(one.length);
    return cut.all();
  }

  /// A layer's activations of a part [row, neuron]. What is mapped of them leaves memory again.
  activation_values values(stored_layer const& layer, text_part const& part) const {
    tensor const& stored = layer.values;
    std::size_t const neurons = stored.shape.back();
    std::size_t const first = part.first_sequence, last = first + part.sequences;
    std::vector<std::size_t> first_row{0};
    for (std::size_t s = first; s < last; ++s) first_row.push_back(first_row.back() + text_.sequences()[s].length);

    auto const bytes_of_sequence = shape_.positions * neurons * size_of(stored.type);
    auto const here = stored.bytes.subspan(first * bytes_of_sequence, part.sequences * bytes_of_sequence);
    layer.file.advise_needed(here);
    std::vector<float> values(part.rows * neurons);
    layer.file.read_unchanged(here, [&] {
      parallel_loop(first, last, [&](std::size_t s) {
        recorded_sequence const& from = text_.sequences()[s];
        read_values(stored, (s * shape_.positions + from.first) * neurons,
                    std::span(values).subspan(first_row[s - first] * neurons, from.length * neurons));
      });
    });
    layer.file.drop(here);
    return {std::move(values), neurons};
  }

 private:
  recorded_shape common_shape(std::size_t sequence_length) const {
    auto const& [number, first] = *layers_.begin();
    auto const expected = shape_of_activations(first.values, sequence_length);
    for (auto const& [other, layer] : layers_)
      if (shape_of_activations(layer.values, sequence_length) != expected)
        refuse_tensor(layer.values, "is of other sequences than layer " + std::to_string(number) + ", by its shape");
    return expected;
  }

  std::map<std::uint32_t, stored_layer> layers_;
  recorded_shape shape_;
  recorded_text text_;
};

/// Gives the blocks of one layer, one each time it is called.
template <firing_predicate Fires>
class recorded_blocks {
 public:
  recorded_blocks(std::shared_ptr<recorded_layers const> recorded, std::uint32_t layer, reading_options<Fires> options)
      : recorded_(std::move(recorded)), layer_(layer), from_(&recorded_->all().at(layer)), options_(std::move(options)),
        parts_(recorded_->parts(options_.rows_per_block)) {}

  std::optional<block> operator()() {
    if (next_ == parts_.size()) return std::nullopt;
    text_part const& part = parts_[next_++];
    auto values = recorded_->values(*from_, part);
    refuse_nan(from_->values, part, values);
    auto made =
        make_block(layer_, share(recorded_->text().rows(part.first_sequence, part.first_sequence + part.sequences)),
                   std::move(values), options_.fires);
    return options_.keep_values ? made : block(layer_, made.text(), made.firings());
  }

  void skip(std::uint64_t blocks) { next_ = std::min<std::uint64_t>(parts_.size(), next_ + blocks); }

 private:
  void refuse_nan(tensor const& stored, text_part const& part, activation_values const& values) const {
    std::size_t row = 0;
    for (std::size_t s = part.first_sequence; s < part.first_sequence + part.sequences; ++s) {
      recorded_sequence const& from = recorded_->text().sequences()[s];
      for (std::size_t p = from.first; p < from.first + from.length; ++p, ++row) {
        auto const activations = values.row(row);
        auto const nan = std::ranges::find_if(activations, [](float v) { return v != v; });
        if (nan != activations.end())
          refuse_tensor(stored, "has NaN at [" + std::to_string(s) + ", " + std::to_string(p) + ", " +
                                    std::to_string(nan - activations.begin()) + "]");
      }
    }
  }

  std::shared_ptr<recorded_layers const> recorded_;
  std::uint32_t layer_;
  stored_layer const* from_;
  reading_options<Fires> options_;
  std::vector<text_part> parts_;
  std::size_t next_ = 0;
};

}  // namespace census::detail
