// SPDX-License-Identifier: MIT
// Test only: products by plain loops, run in a stream of the fake device. Where there is a real one, tests of the
// forward pass take cuBLASLt's.
#pragma once

#include <census/cuda/error.hpp>
#include <census/cuda/precision.hpp>
#include <census/cuda/products.hpp>

#include <cuda_runtime.h>

#include <half.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace census_test {

/// Sums in float32, in ascending order: a row of a product depends on nothing but that row. Tiles are small, so that
/// short texts have several.
class plain_products {
 public:
  static constexpr std::size_t row_tile = 16, attention_tile = 16, workspace_bytes = 0;

  plain_products(std::shared_ptr<census::cuda::detail::device const> const&, census::cuda::precision p)
      : precision_(p) {}

  static std::string description() { return "plain loops"; }
  census::cuda::precision precision() const { return precision_; }

  void multiply(census::cuda::product_shape const& shape, void const* a, void const* b, float* c,
                census::cuda::product_batch const& batch, cudaStream_t stream) {
    using census::cuda::precision;
    auto const with = [&](auto read) {
      cudaLaunchConfig_t config{};
      config.gridDim = config.blockDim = 1;
      config.stream = stream;
      census::cuda::detail::check(fake::launch(config, [=] { multiply_all(shape, batch, a, b, c, read); }), "multiply");
    };
    if (precision_ == precision::half)
      return with([](void const* from, std::size_t i) { return __half2float(static_cast<__half const*>(from)[i]); });
    if (precision_ == precision::bfloat16)
      return with(
          [](void const* from, std::size_t i) { return __bfloat162float(static_cast<__nv_bfloat16 const*>(from)[i]); });
    if (precision_ == precision::tf32)
      return with([](void const* from, std::size_t i) {
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(static_cast<float const*>(from)[i]) & 0xffffe000u);
      });
    with([](void const* from, std::size_t i) { return static_cast<float const*>(from)[i]; });
  }

 private:
  template <class Read>
  static void multiply_all(census::cuda::product_shape const& s, census::cuda::product_batch const& batch,
                           void const* a, void const* b, float* c, Read const& read) {
    std::vector<float> factors(s.depth * s.columns), sums(s.columns);
    for (std::size_t m = 0; m < batch.count; ++m) {
      if (m == 0 || batch.b_distance != 0)
        for (std::size_t k = 0; k < s.depth; ++k)
          for (std::size_t j = 0; j < s.columns; ++j)
            factors[k * s.columns + j] =
                read(b, m * batch.b_distance + (s.b_transposed ? j * s.b_stride + k : k * s.b_stride + j));
      for (std::size_t i = 0; i < s.rows; ++i) {
        std::ranges::fill(sums, 0.f);
        for (std::size_t k = 0; k < s.depth; ++k) {
          float const factor = read(a, m * batch.a_distance + i * s.a_stride + k);
          for (std::size_t j = 0; j < s.columns; ++j) sums[j] += factor * factors[k * s.columns + j];
        }
        std::ranges::copy(sums, c + m * batch.c_distance + i * s.c_stride);
      }
    }
  }

  census::cuda::precision precision_;
};

static_assert(census::cuda::product_engine<plain_products>);

}  // namespace census_test
