// SPDX-License-Identifier: MIT
// Tensors on a CUDA device, in a module torch_census that was built without CUDA.
#include "tensors_on_device.hpp"

#include <census/error.hpp>

namespace {

[[noreturn]] void refuse() {
  throw census::bad_input("DLPack tensor", "lies on a device; this module was built without CUDA (CENSUS_CUDA), so "
                                           "bring it to the host");
}

}  // namespace

void observe_on_device(std::uint32_t, census::shared_text, py::object const&, counted_tables&) { refuse(); }

py::array ids_from_device(py::object const&) { refuse(); }
