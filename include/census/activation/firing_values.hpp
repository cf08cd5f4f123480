// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace census {

/// An immutable handle to the values of firings alone, in float32; a copy shares them. Of each row it holds the values
/// of the neurons that fire there, in the order of their numbers: the k-th is that of the k-th bit set in the row's
/// packed firings. Where few neurons fire, few values go through memory, and rows may lie one behind the other.
class firing_values {
 public:
  /// No values.
  firing_values() = default;

  /// Shares `data`, in which row i begins at first[i]; both hold what so many rows of so many neurons need.
  firing_values(std::shared_ptr<float const[]> data, std::shared_ptr<std::size_t const[]> first, std::size_t rows,
                std::size_t neurons)
      : data_(std::move(data)), first_(std::move(first)), rows_(rows), neurons_(neurons) {}

  bool empty() const { return data_ == nullptr; }
  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }

  /// The values of a row's firings, as many as there are.
  float const* row(std::size_t i) const { return data_.get() + first_[i]; }

 private:
  std::shared_ptr<float const[]> data_;
  std::shared_ptr<std::size_t const[]> first_;
  std::size_t rows_ = 0, neurons_ = 0;
};

}  // namespace census
