// SPDX-License-Identifier: MIT
// Products that can be done again without what lies between them: the floor of a forward pass on a device.
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/precision.hpp>
#include <census/cuda/products.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

template <census::cuda::product_engine Products>
class recorded_products {
 public:
  static constexpr std::size_t row_tile = Products::row_tile, attention_tile = Products::attention_tile,
                               workspace_bytes = Products::workspace_bytes;

  recorded_products(std::shared_ptr<census::cuda::detail::device const> on, census::cuda::precision p)
      : products_(std::move(on), p) {}

  static std::string description() { return Products::description(); }

  census::cuda::precision precision() const { return products_.precision(); }

  void multiply(census::cuda::product_shape const& shape, void const* a, void const* b, float* c,
                census::cuda::product_batch const& batch, cudaStream_t stream) {
    products_.multiply(shape, a, b, c, batch, stream);
    if (records_) calls_.push_back({shape, a, b, c, batch});
  }

  /// Whether products are noted from now on.
  void record(bool records) { records_ = records; }

  /// Does again what was noted, in the same memory.
  void repeat(cudaStream_t stream) {
    for (call const& one : calls_) products_.multiply(one.shape, one.a, one.b, one.c, one.batch, stream);
  }

  /// Multiplications and additions of what was noted.
  double operations() const {
    double sum = 0;
    for (call const& one : calls_)
      sum += 2. * static_cast<double>(one.shape.rows * one.shape.columns) *
             static_cast<double>(one.shape.depth * one.batch.count);
    return sum;
  }

 private:
  struct call {
    census::cuda::product_shape shape;
    void const *a, *b;
    float* c;
    census::cuda::product_batch batch;
  };

  Products products_;
  std::vector<call> calls_;
  bool records_ = false;
};
