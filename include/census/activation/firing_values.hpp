// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace census {

/// An immutable handle to the values of firings alone, in float32; a copy shares them. Of each row it holds the values
/// of the neurons that fire there, in the order of their numbers: the k-th is that of the k-th bit set in the row's
/// packed firings. Where few neurons fire, few values go through memory.
class firing_values {
 public:
  /// No values.
  firing_values() = default;

  /// Shares `data`, whose row i begins at i · leading_dimension floats. Throws std::invalid_argument where a row of
  /// `neurons` that all fire would not fit.
  firing_values(std::shared_ptr<float const[]> data, std::size_t rows, std::size_t neurons,
                std::size_t leading_dimension)
      : data_(std::move(data)), rows_(rows), neurons_(neurons), leading_dimension_(leading_dimension) {
    if (leading_dimension < neurons)
      throw std::invalid_argument("census::firing_values: the leading dimension, " + std::to_string(leading_dimension) +
                                  ", is smaller than a row of " + std::to_string(neurons) + " neurons");
  }

  bool empty() const { return data_ == nullptr; }
  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }

  /// The values of a row's firings, as many as there are.
  float const* row(std::size_t i) const { return data_.get() + i * leading_dimension_; }

 private:
  std::shared_ptr<float const[]> data_;
  std::size_t rows_ = 0, neurons_ = 0, leading_dimension_ = 0;
};

}  // namespace census
