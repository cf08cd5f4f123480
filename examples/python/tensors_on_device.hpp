// SPDX-License-Identifier: MIT
// What of torch_census.cpp is done on a CUDA device: tensors_on_device.cpp does it, or tensors_without_cuda.cpp
// refuses.
#pragma once

#include <census/accumulator/paper_tables.hpp>
#include <census/activation/block.hpp>
#include <census/activation/text_rows.hpp>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <stdexcept>

namespace py = pybind11;

/// Firings of each neuron of each layer, by token and by position. Blocks of the host and of devices are counted in the
/// same tables.
struct counted_tables {
  census::liveness alive;
  census::token_coverage tokens;
  census::position_information positions;
  bool midway = false;  ///< a block was counted in some tables when memory or a device failed

  template <census::activation_block B>
  void observe(B const& block) {
    check_whole();
    alive.observe(block);  // where this throws, nothing has been counted
    midway = true;
    tokens.observe(block);
    positions.observe(block);
    midway = false;
  }

  void check_whole() const {
    if (midway) throw std::runtime_error("torch_census: an observation failed midway; begin anew with another Census");
  }
};

/// Counts activations on a CUDA device where they lie. Throws bad_input where the module was built without CUDA.
void observe_on_device(std::uint32_t layer, census::shared_text text, py::object const& activations,
                       counted_tables& tables);

/// Brings token ids [batch, position] home from a CUDA device. Throws the same.
py::array ids_from_device(py::object const& ids);
