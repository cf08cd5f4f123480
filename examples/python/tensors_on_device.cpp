// SPDX-License-Identifier: MIT
// Tensors on a CUDA device, for torch_census.cpp: activations are packed and counted where they lie; token ids, which
// are few, come home.
#include "tensors_on_device.hpp"
#include "lent_tensor.hpp"

#include <census/cuda/block.hpp>
#include <census/cuda/dlpack.hpp>
#include <census/cuda/error.hpp>
#include <census/error.hpp>

#include <cuda_runtime.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

/// The stream that tensors are asked for, and read in: the default one of their device, by DLPack's number for it and
/// by CUDA's. PyTorch works in it unless told; what was made in another stream is waited for by the one who lends it.
constexpr int stream_number = 1;
constexpr cudaStream_t stream = nullptr;

void check(cudaError_t error, char const* call) {
  if (error == cudaSuccess) return;
  cudaGetLastError();  // else whoever asks next takes it for theirs
  throw census::cuda::device_error(call, cudaGetErrorString(error));
}

/// A tensor's device, as the current one while this lives: PyTorch lends what lies on that one alone, and lets the
/// stream that it is told wait for what it is doing there.
class device_of {
 public:
  explicit device_of(py::object const& tensor) {
    int const number = tensor.attr("__dlpack_device__")().cast<std::pair<int, int>>().second;
    check(cudaGetDevice(&before_), "cudaGetDevice");
    check(cudaSetDevice(number), ("cudaSetDevice(" + std::to_string(number) + ")").c_str());
  }
  device_of(device_of const&) = delete;
  device_of& operator=(device_of const&) = delete;
  ~device_of() { cudaSetDevice(before_); }

 private:
  int before_ = 0;
};

lent_tensor* taken_from_device(py::object const& tensor) { return taken(tensor, py::arg("stream") = stream_number); }

template <class Number>
py::array bring(dlpack_struct const& ids) {
  auto const batch = ids.shape[0], length = ids.shape[1];
  py::array_t<Number> home({batch, length});
  auto const* const there = reinterpret_cast<Number const*>(static_cast<char const*>(ids.data) + ids.byte_offset);
  std::int64_t const distance = ids.strides == nullptr ? length : ids.strides[0];  // of rows; 0 for one many times
  cudaError_t copied = cudaSuccess;
  for (std::int64_t i = 0; i < batch && length > 0 && copied == cudaSuccess; ++i)
    copied = cudaMemcpyAsync(home.mutable_data(i, 0), there + i * distance, length * sizeof(Number),
                             cudaMemcpyDeviceToHost, stream);
  cudaError_t const waited = cudaStreamSynchronize(stream);  // also where a copy failed, for those before it
  check(copied, "cudaMemcpyAsync");
  check(waited, "cudaStreamSynchronize");
  return home;
}

}  // namespace

void observe_on_device(std::uint32_t layer, census::shared_text text, py::object const& activations,
                       counted_tables& tables) {
  device_of const here(activations);
  tables.observe(census::cuda::make_block(layer, std::move(text), taken_from_device(activations), stream));
}

py::array ids_from_device(py::object const& ids) {
  device_of const here(ids);
  std::unique_ptr<lent_tensor, census::give_back> const lent(taken_from_device(ids));
  dlpack_struct const& tensor = lent->dl_tensor;
  bool const whole = tensor.dtype.code == 0 && tensor.dtype.lanes == 1;  // signed integers
  if (!whole || (tensor.dtype.bits != 32 && tensor.dtype.bits != 64) || tensor.ndim != 2)
    throw census::bad_input("token ids", "are to be int32 or int64 [batch, position]");
  if (tensor.strides != nullptr && tensor.shape[1] > 1 && tensor.strides[1] != 1)
    throw census::bad_input("token ids", "of a sequence do not lie side by side; make them contiguous");
  return tensor.dtype.bits == 32 ? bring<std::int32_t>(tensor) : bring<std::int64_t>(tensor);
}
