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

/// Brings a model's layers to a device, one after the other: while one is at work, the next one is read from the
/// checkpoint, written to page-locked memory as the device wants it, and, where the device has room for two, sent
/// there.
class layer_loader {
 public:
  /// Layers 0 .. last - 1, the last one without the second product's weights; the device holds `held` of them, 1 or 2.
  /// It has to be the current one, here and in all calls. Throws device_error where memory is short.
  layer_loader(std::shared_ptr<device const> on, census::model from, precision p, std::size_t last, std::size_t held)
      : on_(std::move(on)), from_(std::move(from)), precision_(p), last_(last),
        staged_(weights_layout(shape(), p).bytes(last > 1)) {
    for (std::size_t i = 0; i < held; ++i) held_.emplace_back(on_, shape(), p, last > 1, uploads_.get());
    read(0);
  }

  /// Goes on to a layer, the one behind that at hand, with which nothing works any more: its weights are there when it
  /// returns. Throws bad_input naming file and tensor where a weight cannot be used.
  void begin(std::size_t layer) {
    layer_ = layer;
    if (sent_ == layer) send();
    wait_for(uploads_.get());  // so what was staged may be overwritten, too
    if (has_next()) read(layer + 1);
  }

  /// Sends the next layer off where it has been read and has room; to be called now and then.
  void go_on() {
    if (held_.size() > 1 && has_next() && sent_ == layer_ + 1 &&
        reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      send();
  }

  /// The weights of the layer at hand.
  census::layer_weights const& on_host() const { return read_[layer_ % read_.size()]; }
  layer_weights const& on_device() const { return held_[layer_ % held_.size()]; }

 private:
  architecture const& shape() const { return from_.architecture(); }
  bool has_next() const { return layer_ + 1 < last_; }

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
    held_[layer % held_.size()].upload(staged(layer + 1 < last_), uploads_.get());
  }

  std::shared_ptr<device const> on_;
  census::model from_;
  precision precision_;
  std::size_t last_;
  std::size_t layer_ = 0, sent_ = 0;           // at hand, and to be sent next
  std::array<census::layer_weights, 2> read_;  // of the layer at hand, and of that which is being read
  pinned_array<std::byte> staged_;
  std::vector<layer_weights> held_;
  stream uploads_;             // goes before what it copies
  std::future<void> reading_;  // goes first, and waits
};

}  // namespace census::cuda::detail
