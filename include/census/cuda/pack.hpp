// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/packed_firings.hpp>
#include <census/activation/text_rows.hpp>
#include <census/cuda/block.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/pack_kernels.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/device_values.hpp>
#include <census/cuda/firings.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace census::cuda {

namespace detail {

/// Throws bad_input that names the first NaN, given as row * neurons + neuron; none is ~0.
inline void check_no_nan(std::uint64_t first, std::size_t neurons) {
  if (first == no_nan) return;
  throw bad_input("row " + std::to_string(first / neurons) + ", neuron " + std::to_string(first % neurons),
                  "the activation is NaN");
}

/// Throws std::length_error where there are more rows than a launch takes: it has their number in 32 bits.
inline void check_rows(std::size_t rows) {
  if (rows > std::numeric_limits<std::int32_t>::max())
    throw std::length_error("census::cuda::pack: " + std::to_string(rows) +
                            " rows; at most 2^31 - 1 are packed at once");
}

}  // namespace detail

/// Packs values on the device that they lie on, in a stream of the caller's, behind the work there that makes them: the
/// same bits as the host's pack. When it returns or throws, the values are no longer read; the stream may go at once.
/// Throws bad_input that names row and neuron of the first NaN; std::invalid_argument where the values lie on no device
/// or rows overlap; std::length_error where there are 2^31 rows or more; device_error.
inline firings pack(device_values const& values, cudaStream_t stream, fires_above const& fires = {}) {
  auto const on = detail::device_of(values);
  detail::current_device const here(on->ordinal());
  std::size_t const words = packed_firings::words_for(values.neurons);
  if (values.rows == 0 || words == 0) return {{on, 0}, values.rows, values.neurons};
  detail::check_rows(values.rows);

  detail::event packed;
  std::uint64_t first_nan = detail::no_nan;
  detail::device_array<std::uint64_t> bits, nan_there;
  detail::wait_at_the_end work(stream);  // where something throws: what is above must not go before
  bits = {on, values.rows * words, stream};
  nan_there = {on, 1, stream};
  detail::check(cudaMemsetAsync(nan_there.data(), 0xff, sizeof first_nan, stream), "cudaMemsetAsync");
  detail::launch_pack(values, fires.threshold, bits.data(), nan_there.data(), stream);
  detail::check(cudaMemcpyAsync(&first_nan, nan_there.data(), sizeof first_nan, cudaMemcpyDeviceToHost, stream),
                "cudaMemcpyAsync");
  packed.record(stream);
  packed.wait();
  work.not_needed();
  detail::check_no_nan(first_nan, values.neurons);
  return {std::move(bits), values.rows, values.neurons};
}

/// A block from values on a device: packs their firings. Throws as pack does, bad_input naming the layer as well.
inline block make_block(std::uint32_t layer, shared_text text, device_values const& values, cudaStream_t stream,
                        fires_above const& fires = {}) {
  try {
    return {layer, std::move(text), pack(values, stream, fires)};
  } catch (bad_input const& error) {
    throw bad_input("layer " + std::to_string(layer), error.what());
  }
}

}  // namespace census::cuda
