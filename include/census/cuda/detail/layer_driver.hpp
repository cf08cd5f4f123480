// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/text_list.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cancelled.hpp>
#include <census/cuda/basic_model.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_share.hpp>
#include <census/cuda/detail/layer_loader.hpp>
#include <census/cuda/memory_plan.hpp>
#include <census/cuda/products.hpp>
#include <census/model/check_input.hpp>
#include <census/model/layer_range.hpp>
#include <census/model/layer_weights.hpp>
#include <census/model/source_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// The pass behind `layers` on one device or several. Texts are dealt to the devices in turn, so that with n of them
/// text t is run by the one numbered t % n; all are at work before the host waits for one, and blocks come in the order
/// of the texts. After an error the pass is over, for half of a layer cannot be taken back: everything then throws
/// std::logic_error. It takes memory, of the devices and of the host, when its first layer begins: until then another
/// pass may have it.
template <product_engine Products>
class layer_driver {
 public:
  /// Throws bad_input where a token, a sequence or a layer is bad, and where a device has too little memory.
  layer_driver(basic_model<Products> const& m, text_list texts, source_options<> options)
      : model_(m), texts_(std::move(texts)), layers_(layers_of(m.architecture(), options.layers)),
        plan_(plan_device(m, size_of(options), options.residual_memory / m.devices().size())),
        options_(std::move(options)) {}

  std::size_t first_layer() const { return layers_.first; }
  std::size_t last_layer() const { return layers_.last; }

  /// The weights of the layer at hand. Precondition: one was begun.
  census::layer_weights const& weights() const { return work_->loader.on_host(); }

  void begin_layer(std::size_t layer) {
    or_over([&] {
      next_text_ = 0;
      if (!work_) work_.emplace(*this);
      auto& [devices, loader, shares] = *work_;
      loader.begin(layer);
      for (std::size_t i = 0; i < shares.size(); ++i) shares[i].begin_layer(layer, loader.on_device(i));
      if (layer == 1) model_.weights().drop_embeddings();
    });
  }

  /// The block of the next text, whose values, where they are kept, are on the host.
  std::optional<block> next_block() {
    return or_over([&]() -> std::optional<block> {
      if (next_text_ == texts_.size()) return std::nullopt;
      go_ahead(true);
      return share_of(next_text_++).next_block();
    });
  }

  /// Runs what is left of the layer, without blocks.
  void complete_layer() {
    or_over([&] {
      while (next_text_ < texts_.size()) {
        go_ahead(false);
        share_of(next_text_++).pass_over();
      }
    });
  }

 private:
  template <class Step>
  auto or_over(Step const& step) {
    if (failed_) throw std::logic_error("census::cuda: an error has ended this pass over the model");
    check_not_cancelled();
    try {
      return step();
    } catch (...) {
      failed_ = true;
      throw;
    }
  }

  // Checks the texts on the way.
  pass_size size_of(source_options<> const& options) const {
    pass_size size{.context = 1, .rows_per_block = 1, .layers = last_layer(), .keep_values = options.keep_values.any};
    std::vector<std::uint64_t> tokens(model_.devices().size());  // that each device runs
    for (std::size_t next = 0; shared_text const& text : texts_) {
      check_text(model_.architecture(), *text);
      tokens[next++ % tokens.size()] += text->tokens.size();
      size.rows_per_block = std::max(size.rows_per_block, text->tokens.size());
      for (sequence const& s : text->sequences) size.context = std::max<std::size_t>(size.context, s.length);
    }
    size.tokens = std::ranges::max(tokens);
    return size;
  }

  static std::vector<std::shared_ptr<device const>> opened(basic_model<Products> const& m) {
    std::vector<std::shared_ptr<device const>> all;
    for (device_info const& one : m.devices()) all.push_back(device::open_apart(one.number));
    return all;
  }

  // What the pass holds while it runs.
  struct work {
    explicit work(layer_driver const& of)
        : devices(opened(of.model_)),
          loader(devices, of.model_.host(), of.model_.precision(), of.last_layer(), of.plan_.layers_held) {
      source_options<> options = of.options_;
      options.residual_memory /= devices.size();
      for (std::size_t i = 0; i < devices.size(); ++i) {
        current_device const now(devices[i]->ordinal());
        shares.emplace_back(devices[i], of.model_, of.texts_of(i), of.last_layer(), of.plan_, options);
      }
    }

    std::vector<std::shared_ptr<device const>> devices;
    layer_loader loader;
    std::deque<device_share<Products>> shares;  // one a device; go first, and wait for what is running
  };

  // The texts that one of the devices runs.
  text_list texts_of(std::size_t number) const {
    std::size_t const devices = model_.devices().size();
    std::vector<std::size_t> rows;
    for (std::size_t text = number; text < texts_.size(); text += devices) rows.push_back(texts_.rows()[text]);
    return {std::move(rows), [all = texts_, number, devices](std::size_t i) { return all[number + i * devices]; }};
  }

  device_share<Products>& share_of(std::size_t text) { return work_->shares[text % work_->shares.size()]; }

  void go_ahead(bool makes_blocks) {
    for (device_share<Products>& share : work_->shares) share.go_ahead(makes_blocks);
    work_->loader.go_on();
  }

  basic_model<Products> model_;
  text_list texts_;
  layer_range layers_;
  device_plan plan_;
  source_options<> options_;
  std::optional<work> work_;   // from the first layer on
  std::size_t next_text_ = 0;  // whose block comes next
  bool failed_ = false;
};

}  // namespace census::cuda::detail
