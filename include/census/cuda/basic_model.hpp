// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/device_info.hpp>
#include <census/cuda/precision.hpp>
#include <census/cuda/products.hpp>
#include <census/model/architecture.hpp>
#include <census/model/model.hpp>
#include <census/model/model_origin.hpp>
#include <census/model/model_weights.hpp>
#include <census/model/token_text.hpp>
#include <census/token_id.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace census::cuda {

/// How a model runs on devices. Results depend on the precision, and on the cards and their libraries; never on memory,
/// and not on the number of cards of one kind.
struct device_options {
  std::vector<int> devices = {0};  ///< their numbers, each once; texts are dealt to them in turn
  cuda::precision precision = precision::exact;
  std::uint64_t memory = 0;  ///< bytes of each device's memory to use at most; 0: nine tenths of what is free, where
                             ///< that is least
  std::uint64_t tables = 0;  ///< bytes of those that are left to the caller, whose tables lie on the devices as well
};

/// A model whose layers run on one device or several: a census_model, so that plan_census, take_census and the search
/// for activating inputs take it as they take a census::model. All that is asked of it beside its layers is asked of
/// the model on the host that it was made of. `Products` multiplies; census::cuda::model is this with cuBLASLt. An
/// immutable handle.
template <product_engine Products>
class basic_model {
 public:
  using products = Products;
  using matrix = census::model::matrix;

  /// Throws bad_input where there is no such device or one is named twice, std::invalid_argument where none is named,
  /// device_error where one fails.
  basic_model(census::model on_host, device_options const& options)
      : host_(std::move(on_host)), options_(options), devices_(describe_devices(options.devices)) {
    if (options_.memory == 0) options_.memory = smallest_device().free / 10 * 9;
  }

  census::model const& host() const { return host_; }
  std::vector<device_info> const& devices() const { return devices_; }
  cuda::precision precision() const { return options_.precision; }

  /// That with the least free memory, which decides for all of them.
  device_info const& smallest_device() const { return *std::ranges::min_element(devices_, {}, &device_info::free); }

  /// Bytes of each device's memory that may be used, and those of them that are left to the caller.
  std::uint64_t device_memory() const { return options_.memory; }
  std::uint64_t device_memory_of_tables() const { return options_.tables; }

  /// The same, all of whose memory is its own: for a pass before the caller has tables, or after.
  basic_model without_tables() const {
    basic_model other = *this;
    other.options_.tables = 0;
    return other;
  }

  census::architecture const& architecture() const { return host_.architecture(); }
  model_weights const& weights() const { return host_.weights(); }
  bool has_tokenizer() const { return host_.has_tokenizer(); }
  census::tokenizer const& tokenizer() const { return host_.tokenizer(); }
  text_encoding encoding() const { return host_.encoding(); }
  matrix embedding_rows(std::size_t first, std::size_t count) const { return host_.embedding_rows(first, count); }
  Eigen::VectorXf update(std::size_t layer, std::size_t neuron) const { return host_.update(layer, neuron); }
  Eigen::VectorXf on_embedding(Eigen::Ref<Eigen::VectorXf const> v) const { return host_.on_embedding(v); }
  Eigen::VectorXf final_gain() const { return host_.final_gain(); }

 private:
  census::model host_;
  device_options options_;
  std::vector<device_info> devices_;
};

template <product_engine Products>
std::size_t tokens_named(basic_model<Products> const& m) {
  return tokens_named(m.host());
}

template <product_engine Products>
std::string token_text(basic_model<Products> const& m, token_id token) {
  return token_text(m.host(), token);
}

/// Where results come from: the host's files, and what ran the layers.
struct device_origin : model_origin {
  std::vector<std::vector<std::pair<std::string, std::string>>> devices;
};

template <product_engine Products>
device_origin origin_of(basic_model<Products> const& m) {
  device_origin origin{origin_of(m.host()), {}};
  for (device_info const& on : m.devices())
    origin.devices.push_back({{"name", on.name},
                              {"number", std::to_string(on.number)},
                              {"compute_capability", on.compute_capability},
                              {"memory", std::to_string(on.memory)},
                              {"memory_used_at_most", std::to_string(m.device_memory())},
                              {"driver", on.driver},
                              {"runtime", on.runtime},
                              {"products", Products::description()},
                              {"precision", std::string(name_of(m.precision()))}});
  return origin;
}

}  // namespace census::cuda
