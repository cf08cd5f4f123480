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
      : packed_(std::make_shared<packed const>(std::move(bits))), rows_(rows), neurons_(neurons) {}

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return packed_firings::words_for(neurons_); }

  /// The bits, on the device: [row, words_per_row()].
  std::uint64_t const* bits() const { return packed_->bits.data(); }

  /// The number of the device that they lie on.
  int device() const { return on()->ordinal(); }
  std::shared_ptr<detail::device const> const& on() const { return packed_->bits.on(); }

  /// Copies the bits to the host, without waiting for what was put into the device's stream behind them. Throws
  /// device_error.
  packed_firings on_host() const {
    std::size_t const words = rows_ * words_per_row();
    std::shared_ptr<std::uint64_t[]> here(new std::uint64_t[words]);
    if (words != 0) {
      packed_->are_there.hold(on()->downloads());
      detail::bring(*on(), bits(), std::span(here.get(), words), on()->downloads());
    }
    return {std::move(here), rows_, neurons_};
  }

 private:
  struct packed {
    explicit packed(detail::device_array<std::uint64_t> made)
        : bits(std::move(made)), are_there(behind_all_work(*bits.on())) {}
    detail::device_array<std::uint64_t> bits;
    detail::event are_there;
  };

  std::shared_ptr<packed const> packed_;
  std::size_t rows_, neurons_;
};

}  // namespace census::cuda
