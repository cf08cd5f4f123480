// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/cublaslt_plan.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/precision.hpp>
#include <census/cuda/products.hpp>

#include <cublasLt.h>
#include <cuda_runtime.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace census::cuda {

/// Products by cuBLASLt: sums are float32 in all precisions, and each shape has one algorithm, which does not split the
/// depth: the same for one card, one library and one build.
class cublaslt_products {
 public:
  static constexpr std::size_t row_tile = 2048, attention_tile = 256, workspace_bytes = std::size_t{32} << 20;

  /// Precondition, of multiply too: the device is the current one. Throws device_error.
  cublaslt_products(std::shared_ptr<detail::device const> on, census::cuda::precision p)
      : precision_(p), library_("cublasLtCreate", cublasLtCreate), workspace_(std::move(on), workspace_bytes) {}

  static std::string description() {
    std::size_t const version = cublasLtGetVersion();  // 130002: 13.0.2
    return "cuBLASLt " + std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
           std::to_string(version % 100);
  }
  census::cuda::precision precision() const { return precision_; }

  /// As product_engine says; in the device's stream, for all products share its working memory.
  void multiply(product_shape const& shape, void const* a, void const* b, float* c, product_batch const& batch,
                cudaStream_t stream) {
    auto const plan = plans_.try_emplace(shape, library_.get(), precision_, shape, workspace_bytes).first;
    plan->second.multiply(a, b, c, batch, {workspace_.data(), workspace_bytes}, stream);
  }

 private:
  census::cuda::precision precision_;
  detail::cublaslt_handle<cublasLtHandle_t, cublasLtDestroy> library_;
  detail::device_array<std::byte> workspace_;
  std::map<product_shape, detail::cublaslt_plan> plans_;
};

static_assert(product_engine<cublaslt_products>);

}  // namespace census::cuda
