// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/activation_values.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/error.hpp>
#include <census/recording/detail/find_misfit.hpp>
#include <census/recording/detail/read_recording_index.hpp>
#include <census/recording/detail/recorded_rows.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/recording/detail/stored_text.hpp>
#include <census/recording/recording_description.hpp>
#include <census/weights/refuse_tensor.hpp>
#include <census/weights/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace census::detail {

/// A recording's folder, opened: its index, its text, and the shards of its layers, mapped. All of it is data that is
/// not trusted.
class recorded_shards {
 public:
  /// Throws bad_input naming the file that is missing, of another version, or not as the index says.
  explicit recorded_shards(std::filesystem::path folder)
      : folder_(std::move(folder)), index_(read_recording_index(folder_ / recording_index_name)),
        text_(std::make_shared<stored_text const>(folder_, index_)) {
    auto const words = packed_firings::words_for(about().neurons);
    for (stored_shard const& shard : index_.shards) {
      if (shard.layer < about().first_layer || shard.layer - about().first_layer >= about().layers)
        refuse("the shard " + shard.file.name + " is of layer " + std::to_string(shard.layer) +
               ", which is none of the recording's");
      if (shard.tensor == "firings")
        firings_[shard.layer].append(folder_, shard, dtype::uint8, 8 * words);
      else if (shard.tensor == "values" && about().values != recorded_values::none)
        values_[shard.layer].append(folder_, shard, dtype::float32, about().neurons);
      else
        refuse("the shard " + shard.file.name + " holds neither firings nor values");
    }
    check_complete(firings_, "firings");
    if (about().values != recorded_values::none) check_complete(values_, "values");
  }

  std::filesystem::path const& folder() const { return folder_; }
  recording_description const& about() const { return index_.about; }
  std::uint64_t hash() const { return index_.hash; }
  std::shared_ptr<stored_text const> const& text() const { return text_; }

  bool has(std::uint32_t layer) const { return firings_.contains(layer); }

  /// Firings of a layer [row, neuron]. Throws bad_input naming the shard and the row where a bit is set past the last
  /// neuron; std::out_of_range where there is no such layer.
  packed_firings firings(std::uint32_t layer, std::uint64_t first_row, std::size_t rows) const {
    auto const& from = firings_.at(layer);
    std::shared_ptr<std::uint64_t const[]> words = from.read<std::uint64_t>(first_row, rows);
    if (auto const row = packed_firings::row_past_last_neuron(words.get(), rows, about().neurons))
      refuse_tensor(from.shard_of(first_row + *row), "has a bit past the last of " + std::to_string(about().neurons) +
                                                         " neurons in row " + std::to_string(first_row + *row) +
                                                         " of layer " + std::to_string(layer));
    return {std::move(words), rows, about().neurons};
  }

  /// Throws bad_input where a file that holds firings of these rows of a layer, or their values, changed since it was
  /// opened.
  void check_unchanged(std::uint32_t layer, std::uint64_t first_row, std::size_t rows, bool with_values) const {
    firings_.at(layer).check_unchanged(first_row, rows);
    if (with_values) values_.at(layer).check_unchanged(first_row, rows);
  }

  /// The values of a layer [row, neuron], whose firings are these. Throws bad_input naming the shard and the row where
  /// the two disagree, or a value is NaN.
  activation_values values(std::uint32_t layer, std::uint64_t first_row, packed_firings const& firings) const {
    auto const& from = values_.at(layer);
    activation_values read(from.read<float>(first_row, firings.rows()), firings.rows(), about().neurons,
                           about().neurons);
    if (auto const found = find_misfit(read, firings))
      refuse_tensor(from.shard_of(first_row + found->row), std::string(found->cause) + " in row " +
                                                               std::to_string(first_row + found->row) + " of layer " +
                                                               std::to_string(layer));
    return read;
  }

 private:
  [[noreturn]] void refuse(std::string const& cause) const {
    throw bad_input((folder_ / recording_index_name).string(), cause);
  }

  void check_complete(std::map<std::uint32_t, recorded_rows> const& layers, char const* what) const {
    for (std::size_t i = 0; i < about().layers; ++i) {
      auto const layer = about().first_layer + static_cast<std::uint32_t>(i);
      auto const found = layers.find(layer);
      std::uint64_t const rows = found == layers.end() ? 0 : found->second.rows();
      if (rows != about().tokens)
        refuse("lists " + std::string(what) + " of layer " + std::to_string(layer) + " for " + std::to_string(rows) +
               " tokens, where there are " + std::to_string(about().tokens));
    }
  }

  std::filesystem::path folder_;
  recording_index index_;
  std::shared_ptr<stored_text const> text_;
  std::map<std::uint32_t, recorded_rows> firings_, values_;  // by layer
};

}  // namespace census::detail
