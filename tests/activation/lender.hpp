// SPDX-License-Identifier: MIT
// Another library, that lends tensors as DLPack says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace census_test {

/// DLManagedTensor, as <dlpack/dlpack.h> declares it.
struct managed_tensor {
  struct {
    void* data = nullptr;
    struct {
      int device_type = 1, device_id = 0;
    } device;
    std::int32_t ndim = 0;
    struct {
      std::uint8_t code = 2, bits = 32;
      std::uint16_t lanes = 1;
    } dtype;
    std::int64_t *shape = nullptr, *strides = nullptr;
    std::uint64_t byte_offset = 0;
  } dl_tensor;
  void* manager_ctx = nullptr;
  void (*deleter)(managed_tensor*) = nullptr;
};

struct versioned_tensor : managed_tensor {
  struct {
    std::uint32_t major = 1, minor = 0;
  } version;
  void (*deleter)(versioned_tensor*) = nullptr;
};

/// What lends tensors, and counts how many came back.
template <class Managed = managed_tensor>
struct lender {
  std::vector<std::int64_t> shape, strides = {};
  Managed tensor = {};
  int given_back = 0;

  Managed* lend(void* data) {
    tensor.dl_tensor.data = data;
    tensor.dl_tensor.ndim = static_cast<std::int32_t>(shape.size());
    tensor.dl_tensor.shape = shape.data();
    tensor.dl_tensor.strides = strides.empty() ? nullptr : strides.data();
    tensor.manager_ctx = this;
    tensor.deleter = [](Managed* m) { ++static_cast<lender*>(m->manager_ctx)->given_back; };
    return &tensor;
  }
};

}  // namespace census_test
