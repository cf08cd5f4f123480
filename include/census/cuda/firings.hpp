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
      : packed_(std::make_shared<packed const>(std::move(bits))), on_(packed_->bits.on()), rows_(rows),
        neurons_(neurons) {}

  /// The same firings, which are there already, for work in the streams of the same device opened anew.
  firings(firings const& made, std::shared_ptr<detail::device const> reader)
      : on_(std::move(reader)), rows_(made.rows_), neurons_(made.neurons_) {
    auto const apart = std::make_shared<read_apart>(made.packed_, on_);
    packed_ = {apart, made.packed_.get()};
  }

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::size_t words_per_row() const { return packed_firings::words_for(neurons_); }

  /// The bits, on the device: [row, words_per_row()].
  std::uint64_t const* bits() const { return packed_->bits.data(); }

  /// The number of the device that they lie on.
  int device() const { return on()->ordinal(); }
  std::shared_ptr<detail::device const> const& on() const { return on_; }

  /// Copies the bits to the host, without waiting for what was put into the device's stream behind them. Throws
  /// device_error.
  packed_firings on_host() const {
    std::size_t const words = rows_ * words_per_row();
    std::shared_ptr<std::uint64_t[]> here(new std::uint64_t[words]);
    if (words != 0) {
      detail::current_device const now(device());
      packed_->are_there.hold(on()->downloads());
      detail::bring(*on(), bits(), std::span(here.get(), words), on()->downloads());
    }
    return {std::move(here), rows_, neurons_};
  }

 private:
  // Bits, and when they are there.
  struct packed {
    explicit packed(detail::device_array<std::uint64_t> made)
        : bits(std::move(made)), are_there(detail::behind_all_work(*bits.on())) {}
    detail::device_array<std::uint64_t> bits;
    detail::event are_there;
  };

  // Bits that are read in another stream than the one that they are freed in.
  struct read_apart {
    read_apart(std::shared_ptr<packed const> of, std::shared_ptr<detail::device const> reader)
        : made(std::move(of)), by(std::move(reader)), read(detail::behind_all_work(*by)) {}
    read_apart(read_apart const&) = delete;
    ~read_apart() {
      try {
        read.record(by->stream());
        read.hold(made->bits.on()->stream());
      } catch (device_error const&) {
        detail::ignore(cudaStreamSynchronize(by->stream()));
      }
    }
    std::shared_ptr<packed const> made;
    std::shared_ptr<detail::device const> by;
    detail::event read;
  };

  std::shared_ptr<packed const> packed_;
  std::shared_ptr<detail::device const> on_;
  std::size_t rows_, neurons_;
};

}  // namespace census::cuda
