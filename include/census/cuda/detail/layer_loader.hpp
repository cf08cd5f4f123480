// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/layer_weights.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/precision.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/model.hpp>

#include <cuda_runtime.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// Brings a model's layers to devices, one after the other: while one is at work, the next one is read from the
/// checkpoint, written to page-locked memory as devices want it, and, where they have room for two, sent there. Read
/// and written once, however many devices there are.
class layer_loader {
 public:
  /// Layers 0 .. last - 1, the last one without the second product's weights; each device holds `held` of them, 1 or 2.
  /// Throws device_error where memory is short.
  layer_loader(std::span<std::shared_ptr<device const> const> devices, census::model from, precision p,
               std::size_t last, std::size_t held)
      : from_(std::move(from)), precision_(p), last_(last) {
    for (auto const& on : devices) {
      current_device const now(on->ordinal());
      if (staged_.size() == 0) staged_ = pinned_array<std::byte>(weights_layout(shape(), p).bytes(last > 1));
      there_.emplace_back(on, shape(), p, last > 1, held);
    }
    read(0);
  }

  /// Goes on to a layer, the one behind that at hand, with which no device works any more: its weights are there when
  /// it returns. Throws bad_input naming file and tensor where a weight cannot be used.
  void begin(std::size_t layer) {
    layer_ = layer;
    if (sent_ == layer) send();
    for (receiver const& there : there_) {  // so what was staged may be overwritten, too
      current_device const now(there.ordinal);
      wait_for(there.uploads.get());
    }
    if (has_next()) read(layer + 1);
  }

  /// Sends the next layer off where it has been read and has room; to be called now and then.
  void go_on() {
    if (held() > 1 && has_next() && sent_ == layer_ + 1 &&
        reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      send();
  }

  /// The weights of the layer at hand.
  census::layer_weights const& on_host() const { return read_[layer_ % read_.size()]; }
  layer_weights const& on_device(std::size_t number) const { return there_[number].layers[layer_ % held()]; }

 private:
  // What a device has of the model.
  struct receiver {
    receiver(std::shared_ptr<device const> const& on, architecture const& a, precision p, bool with_fc2,
             std::size_t held)
        : ordinal(on->ordinal()) {
      for (std::size_t i = 0; i < held; ++i) layers.emplace_back(on, a, p, with_fc2, uploads.get());
    }
    int ordinal;
    std::vector<layer_weights> layers;
    stream uploads;  // goes before what it copies
  };

  architecture const& shape() const { return from_.architecture(); }
  bool has_next() const { return layer_ + 1 < last_; }
  std::size_t held() const { return there_.front().layers.size(); }

  void read(std::size_t layer) {
    reading_ = std::async(std::launch::async, [this, layer] {
      census::layer_weights& into = read_[layer % read_.size()];
      from_.weights().load(layer, layer + 1 < last_, into);
      stage_weights(layer, shape(), into, precision_, staged(into.has_fc2()));
    });
  }

  std::span<std::byte> staged(bool with_fc2) const {
    return {staged_.data(), weights_layout(shape(), precision_).bytes(with_fc2)};
  }

  // The layer that was read last.
  void send() {
    reading_.get();
    std::size_t const layer = sent_++;
    for (receiver& there : there_) {
      current_device const now(there.ordinal);
      there.layers[layer % held()].upload(staged(layer + 1 < last_), there.uploads.get());
    }
  }

  census::model from_;
  precision precision_;
  std::size_t last_;
  std::size_t layer_ = 0, sent_ = 0;           // at hand, and to be sent next
  std::array<census::layer_weights, 2> read_;  // of the layer at hand, and of that which is being read
  pinned_array<std::byte> staged_;
  std::vector<receiver> there_;  // on each device
  std::future<void> reading_;    // goes first, and waits
};

}  // namespace census::cuda::detail
