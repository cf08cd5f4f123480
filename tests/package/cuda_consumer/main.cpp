// SPDX-License-Identifier: MIT
// Packs a block on the device, where there is one: it links either way.
#include <census/accumulator/paper_tables.hpp>
#include <census/cuda/pack.hpp>
#include <census/statistic/liveness.hpp>

#include <iostream>

int main() try {
  auto const text = census::share({{5, 6}, {{.document = 0, .length = 2}}});
  float* activations = nullptr;
  census::cuda::detail::check(cudaMalloc(&activations, 2 * sizeof(float)), "cudaMalloc");
  census::cuda::detail::check(cudaMemset(activations, 0, 2 * sizeof(float)), "cudaMemset");
  census::liveness alive;
  alive.observe(census::cuda::make_block(0, text, {.data = activations, .rows = 2, .neurons = 1}, nullptr));
  cudaFree(activations);
  return census::dead_share(alive.table(0)) == 1 ? 0 : 1;
} catch (census::cuda::device_error const& error) {
  std::cout << error.what() << '\n';
  return 0;
}
