// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// An immutable handle to activation values [row, neuron] in float32; a copy shares them. Rows may be padded to a
/// leading dimension.
class activation_values {
 public:
  /// No values: the block carries packed firings only.
  activation_values() = default;

  /// Shares `data`, which holds `rows` rows of `neurons` values, each row `leading_dimension` floats behind the one
  /// before.
  activation_values(std::shared_ptr<float const[]> data, std::size_t rows, std::size_t neurons,
                    std::size_t leading_dimension)
      : data_(std::move(data)), rows_(rows), neurons_(neurons), leading_dimension_(leading_dimension) {
    if (leading_dimension < neurons)
      throw std::invalid_argument("census::activation_values: the leading dimension, " +
                                  std::to_string(leading_dimension) + ", is smaller than a row of " +
                                  std::to_string(neurons) + " neurons");
  }

  /// Takes over `data` [row, neuron], rows without padding. Throws std::invalid_argument where it is no whole number of
  /// rows.
  activation_values(std::vector<float> data, std::size_t neurons)
      : rows_(neurons == 0 ? 0 : data.size() / neurons), neurons_(neurons), leading_dimension_(neurons) {
    if (rows_ * neurons != data.size())
      throw std::invalid_argument("census::activation_values: " + std::to_string(data.size()) +
                                  " values are no whole number of rows of " + std::to_string(neurons) + " neurons");
    auto owner = std::make_shared<std::vector<float> const>(std::move(data));
    data_ = std::shared_ptr<float const[]>(owner, owner->data());
  }

  bool empty() const { return data_ == nullptr; }
  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }

  /// The activations of one row, [neuron].
  std::span<float const> row(std::size_t i) const { return {data_.get() + i * leading_dimension_, neurons_}; }

 private:
  std::shared_ptr<float const[]> data_;
  std::size_t rows_ = 0, neurons_ = 0, leading_dimension_ = 0;
};

}  // namespace census
