// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/weights/tensor.hpp>

#include <string>

namespace census {

/// Throws bad_input naming a tensor and its file; the cause goes on from the tensor's name: "is missing".
[[noreturn]] inline void refuse_tensor(tensor const& stored, std::string const& cause) {
  throw bad_input(stored.file, "tensor " + escaped_name(stored.name) + " " + cause);
}

}  // namespace census
