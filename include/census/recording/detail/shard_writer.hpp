// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/own_files.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/recording/detail/recording_files.hpp>
#include <census/recording/detail/recording_index.hpp>
#include <census/weights/mapped_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census::detail {

/// The size of a file once it is written, and its hash. What was written has to have reached the file.
inline stored_file describe_stored(std::string name, safetensors_writer const& written) {
  mapped_file const file(written.path());
  return {std::move(name), file.bytes().size(), hash_of(file)};
}

/// One tensor of a recording.
struct sharded_tensor {
  std::string name, dtype;    ///< as a file of it is called, and in safetensors
  std::uint64_t columns = 0;  ///< elements of a row
  std::uint64_t rows = 0;     ///< of each layer
  std::uint64_t rows_per_shard = 0;

  std::uint64_t shards_of_layer() const { return (rows + rows_per_shard - 1) / rows_per_shard; }
};

/// Writes a tensor [row, column], layer by layer, into files of some rows each. The rows at hand are in no memory: they
/// go straight on to the file.
class shard_writer {
 public:
  shard_writer(own_files& files, sharded_tensor tensor) : files_(files), tensor_(std::move(tensor)) {}

  /// Claims the files of these layers, so that what is in the way is known before the work begins.
  void claim(std::uint32_t first_layer, std::size_t layers) {
    for (std::size_t i = 0; i < layers; ++i)
      for (std::uint64_t number = 0; number < tensor_.shards_of_layer(); ++number)
        files_.claim(shard_name(tensor_.name, first_layer + static_cast<std::uint32_t>(i), number));
  }

  void begin_layer(std::uint32_t layer) { layer_ = layer, row_ = 0, shards_of_layer_ = 0; }

  /// Appends whole rows of the layer. Precondition: no more than it has. Throws bad_input where a file cannot be
  /// written.
  template <class T>
  void append(std::span<T const> values) {
    while (!values.empty()) {
      if (row_ == end_of_shard()) begin_shard();
      auto const fits = std::min<std::uint64_t>(values.size(), (end_of_shard() - row_) * tensor_.columns);
      writers_.back()->append(tensor_.name, values.first(static_cast<std::size_t>(fits)));
      row_ += fits / tensor_.columns;
      values = values.subspan(static_cast<std::size_t>(fits));
      if (row_ == end_of_shard()) finish_shard();
    }
  }

  sharded_tensor const& tensor() const { return tensor_; }
  std::vector<stored_shard> const& shards() const { return shards_; }

  void commit() {
    for (auto& writer : writers_) writer->commit();
  }

 private:
  std::uint64_t end_of_shard() const {
    return shards_of_layer_ == 0 ? 0 : shards_.back().first_row + shards_.back().rows;
  }

  void begin_shard() {
    std::uint64_t const rows = std::min(tensor_.rows_per_shard, tensor_.rows - row_);
    auto const name = shard_name(tensor_.name, layer_, shards_of_layer_++);
    writers_.push_back(std::make_unique<safetensors_writer>(
        files_.claim(name),
        std::vector<safetensors_writer::declaration>{{tensor_.name, tensor_.dtype, {rows, tensor_.columns}}}));
    shards_.push_back({tensor_.name, layer_, row_, rows, {name}});
  }

  void finish_shard() {
    writers_.back()->finish();
    shards_.back().file = describe_stored(shards_.back().file.name, *writers_.back());
  }

  own_files& files_;
  sharded_tensor tensor_;
  std::uint32_t layer_ = 0;
  std::uint64_t row_ = 0;  // of the layer, to come next
  std::size_t shards_of_layer_ = 0;
  std::vector<stored_shard> shards_;
  std::vector<std::unique_ptr<safetensors_writer>> writers_;  // [shard]; finished but for the last
};

}  // namespace census::detail
