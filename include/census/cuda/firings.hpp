// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace census::cuda {

/// An immutable handle to firings [row, neuron] in a device's memory, one bit a neuron, laid out as packed_firings are;
/// a copy shares them.
class firings {
 public:
  /// For what packs: takes over bits [row, packed_firings::words_for(neurons)], which work that is put into the stream
  /// of their device from now on may read.
  firings(detail::device_array<std::uint64_t> bits, std::size_t rows, std::size_t neurons)
      : bits_(std::make_shared<detail::device_array<std::uint64_t> const>(std::move(bits))), rows_(rows),
        neurons_(neurons) {}

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return packed_firings::words_for(neurons_); }

  /// The bits, on the device: [row, words_per_row()].
  std::uint64_t const* bits() const { return bits_->data(); }

  /// The number of the device that they lie on.
  int device() const { return bits_->on()->ordinal(); }
  std::shared_ptr<detail::device const> const& on() const { return bits_->on(); }

  /// Copies the bits to the host. Throws device_error.
  packed_firings on_host() const {
    std::size_t const words = rows_ * words_per_row();
    std::shared_ptr<std::uint64_t[]> here(new std::uint64_t[words]);
    if (words != 0) detail::bring(*on(), bits(), std::span(here.get(), words));
    return {std::move(here), rows_, neurons_};
  }

 private:
  std::shared_ptr<detail::device_array<std::uint64_t> const> bits_;
  std::size_t rows_, neurons_;
};

}  // namespace census::cuda
