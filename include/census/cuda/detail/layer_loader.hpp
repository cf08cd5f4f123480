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
    for (std::size_t i = 0; i < held; ++i) slots_.push_back({{on_, shape(), p, last > 1, uploads_.get()}, {}});
    read(0);
  }

  /// Goes on to a layer, the one behind that at hand: its weights are there for what is put into the device's
  /// stream from now on. Throws bad_input naming file and tensor where a weight cannot be used.
  void begin(std::size_t layer) {
    if (layer > 0) slot_of(layer_).ended.record(on_->stream());
    layer_ = layer;
    if (sent_ == layer) send();
    arrived_.hold(on_->stream());
    if (!has_next()) return;
    arrived_.wait();  // what was staged may be overwritten
    read(layer + 1);
  }

  /// Sends the next layer off where it has been read and has room; to be called now and then.
  void go_on() {
    if (slots_.size() > 1 && has_next() && sent_ == layer_ + 1 &&
        reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      send();
  }

  /// The weights of the layer at hand.
  census::layer_weights const& on_host() const { return read_[layer_ % read_.size()]; }
  layer_weights const& on_device() const { return slots_[layer_ % slots_.size()].weights; }

 private:
  // Where a layer lies, and when the work with it has ended.
  struct slot {
    layer_weights weights;
    event ended;
  };

  slot& slot_of(std::size_t layer) { return slots_[layer % slots_.size()]; }
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

  // The layer that was read last, once nothing works with the one whose place it takes.
  void send() {
    reading_.get();
    std::size_t const layer = sent_++;
    slot& here = slot_of(layer);
    here.ended.hold(uploads_.get());
    here.weights.upload(staged(layer + 1 < last_), uploads_.get());
    arrived_.record(uploads_.get());
  }

  std::shared_ptr<device const> on_;
  census::model from_;
  precision precision_;
  std::size_t last_;
  std::size_t layer_ = 0, sent_ = 0;           // at hand, and to be sent next
  std::array<census::layer_weights, 2> read_;  // of the layer at hand, and of that which is being read
  pinned_array<std::byte> staged_;
  std::vector<slot> slots_;
  event arrived_;
  stream uploads_;             // goes before what it copies
  std::future<void> reading_;  // goes first, and waits
};

}  // namespace census::cuda::detail
