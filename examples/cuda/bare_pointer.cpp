// SPDX-License-Identifier: MIT
// An adapter from a bare device pointer: what an inference engine of one's own calls after each feed-forward layer,
// with its buffer in half precision, rows at its own distance, and the stream in which it computes.
#include <census/cuda/pack.hpp>
#include <census/survey/paper_survey.hpp>

#include <iostream>

/// Takes the census of an engine while it runs. One text at a time, all of its layers.
class engine_census {
 public:
  explicit engine_census(std::size_t neurons) : neurons_(neurons) {}

  void begin(census::shared_text text) { text_ = std::move(text); }

  /// The buffer [token, leading_dimension] may be written again when this returns.
  void after_activation(std::uint32_t layer, void const* buffer, std::size_t leading_dimension, cudaStream_t stream) {
    survey_.observe(census::cuda::make_block(layer, text_,
                                             {.data = buffer,
                                              .stored_as = census::stored_float::float16,
                                              .rows = text_->tokens.size(),
                                              .neurons = neurons_,
                                              .leading_dimension = leading_dimension},
                                             stream));
  }

  auto result(std::uint32_t layer) const { return survey_.result(layer); }

 private:
  std::size_t neurons_;
  census::shared_text text_;
  census::paper_survey survey_;
};

int main() try {
  constexpr std::uint32_t tokens = 64, neurons = 20, leading_dimension = 32;
  constexpr std::uint16_t one = 0x3c00, minus_one = 0xbc00;  // in half precision
  std::vector<std::uint16_t> values(tokens * leading_dimension, minus_one);
  for (std::uint32_t t = 0; t < tokens; ++t) values[t * leading_dimension + t % neurons / 2] = one;  // half are dead

  census::text_rows text{{}, {{.length = tokens, .full = true}}};
  for (std::uint32_t t = 0; t < tokens; ++t) text.tokens.push_back(t % neurons);

  // What the engine does.
  void* buffer = nullptr;
  if (cudaMalloc(&buffer, values.size() * sizeof(values[0])) != cudaSuccess) throw std::runtime_error("no device");
  cudaMemcpy(buffer, values.data(), values.size() * sizeof(values[0]), cudaMemcpyHostToDevice);
  engine_census census(neurons);
  census.begin(census::share(std::move(text)));
  census.after_activation(0, buffer, leading_dimension, nullptr);
  cudaFree(buffer);

  auto const layer = census.result(0);
  std::cout << layer.liveness.dead_share * 100 << " % of " << layer.neurons() << " neurons are dead, "
            << layer.tokens.detectors.size() << " are token detectors\n";
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
