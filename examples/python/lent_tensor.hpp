// SPDX-License-Identifier: MIT
// Tensors as Python lends them, by DLPack.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <utility>

namespace py = pybind11;

// What stands in a capsule of DLPack's, as its header declares it.
// clang-format off
struct dl_device { std::int32_t device_type, device_id; };
struct dl_type { std::uint8_t code, bits; std::uint16_t lanes; };
struct dlpack_struct {
  void* data;
  dl_device device;
  std::int32_t ndim;
  dl_type dtype;
  std::int64_t *shape, *strides;
  std::uint64_t byte_offset;
};
struct lent_tensor {
  dlpack_struct dl_tensor;
  void* manager_ctx;
  void (*deleter)(lent_tensor*);
};
// clang-format on

/// Takes a tensor over from Python: its capsule is then used up. The arguments are those of __dlpack__.
template <class... Arguments>
lent_tensor* taken(py::object const& array, Arguments&&... arguments) {
  py::capsule const capsule = array.attr("__dlpack__")(std::forward<Arguments>(arguments)...);
  auto* const tensor = static_cast<lent_tensor*>(PyCapsule_GetPointer(capsule.ptr(), "dltensor"));
  if (tensor == nullptr) throw py::error_already_set();
  PyCapsule_SetName(capsule.ptr(), "used_dltensor");
  return tensor;
}
