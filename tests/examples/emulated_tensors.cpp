// SPDX-License-Identifier: MIT
// Test only: for torch_census_on_device_test.py, what PyTorch's tensors on a CUDA device are to the module
// torch_census, on the emulator. It is compiled into that module, beside it, so that both have one fake device.
#include <examples/python/lent_tensor.hpp>

#include <cuda_runtime.h>
#include <fake_device.hpp>

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

void check(cudaError_t error) {
  if (error != cudaSuccess) throw std::runtime_error(cudaGetErrorString(error));
}

/// A tensor whose numbers a stream of its library's own writes: not before somebody waits for that. Until then its
/// memory is NaN, and after it was given back it is so again.
class tensor {
 public:
  tensor(py::array const& values, int code, int device)
      : code(code), device(device), shape(values.shape(), values.shape() + values.ndim()), bytes_(values.nbytes()),
        bits_(static_cast<int>(values.itemsize() * 8)), values_(values) {
    check(cudaSetDevice(device));
    check(cudaMalloc(&there_, bytes_));
    check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    check(cudaMemcpyAsync(there_, values_.data(), bytes_, cudaMemcpyHostToDevice, stream_));
    check(cudaSetDevice(0));
  }
  tensor(tensor const&) = delete;
  tensor& operator=(tensor const&) = delete;
  ~tensor() {
    cudaStreamSynchronize(stream_);
    cudaStreamDestroy(stream_);
    cudaFree(there_);
  }

  std::pair<int, int> dlpack_device() const { return {device_type, device}; }

  /// Lets the stream wait for what writes the numbers. As PyTorch does, refuses where another device is the current
  /// one, and takes 1 for its default stream.
  py::capsule dlpack(std::optional<std::intptr_t> stream) {
    int current = 0;
    check(cudaGetDevice(&current));
    if (current != device) throw py::buffer_error("another device is the current one");
    if (device_type == 2 && (!stream || *stream == 0)) throw py::value_error("no stream was named");
    cudaStream_t const reader = stream.value_or(1) == 1 ? nullptr : reinterpret_cast<cudaStream_t>(*stream);
    cudaEvent_t written = nullptr;
    check(cudaEventCreateWithFlags(&written, cudaEventDisableTiming));
    check(cudaEventRecord(written, stream_));
    check(cudaStreamWaitEvent(reader, written));
    check(cudaEventDestroy(written));
    ++lent;
    return py::capsule(new lent_tensor{described(), this, &tensor::take_back}, "dltensor", [](PyObject* unused) {
      if (!PyCapsule_IsValid(unused, "dltensor")) return;
      auto* const mine = static_cast<lent_tensor*>(PyCapsule_GetPointer(unused, "dltensor"));
      mine->deleter(mine);
    });
  }

  int code, device, device_type = 2, lent = 0, given_back = 0;
  std::vector<std::int64_t> shape, strides;  ///< in numbers; without strides, contiguous

 private:
  dlpack_struct described() {
    return {.data = there_,
            .device = {device_type, device},
            .ndim = static_cast<std::int32_t>(shape.size()),
            .dtype = {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(bits_), 1},
            .shape = shape.data(),
            .strides = strides.empty() ? nullptr : strides.data(),
            .byte_offset = 0};
  }

  /// Its owner goes on with the memory at once.
  static void take_back(lent_tensor* mine) {
    auto& self = *static_cast<tensor*>(mine->manager_ctx);
    cudaMemsetAsync(self.there_, 0xff, self.bytes_, self.stream_);
    cudaStreamSynchronize(self.stream_);
    ++self.given_back;
    delete mine;
  }

  std::size_t bytes_;
  int bits_;
  py::array values_;
  void* there_ = nullptr;
  cudaStream_t stream_ = nullptr;
};

}  // namespace

PYBIND11_MODULE(emulated_tensors, module) {
  auto bound = py::class_<tensor>(module, "Tensor").def(py::init<py::array const&, int, int>());
  bound.def_readwrite("device_type", &tensor::device_type).def_readwrite("device", &tensor::device);
  bound.def_readwrite("shape", &tensor::shape).def_readwrite("strides", &tensor::strides);
  bound.def_readonly("lent", &tensor::lent).def_readonly("given_back", &tensor::given_back);
  bound.def("__dlpack_device__", &tensor::dlpack_device);
  bound.def("__dlpack__", &tensor::dlpack, py::arg("stream") = py::none());
  module.def("set_devices", &fake::set_devices).def("live_allocations", &fake::live_allocations);
  module.def("fail_at", &fake::fail_at).def("has_failed", &fake::has_failed);
}
