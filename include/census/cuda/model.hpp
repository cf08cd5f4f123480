// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/basic_model.hpp>
#include <census/cuda/cublaslt_products.hpp>
#include <census/cuda/layers.hpp>
#include <census/cuda/memory_plan.hpp>

namespace census::cuda {

/// A model whose layers run on a device, where cuBLASLt multiplies:
///
///     census::cuda::model const model(census::open_model("models/opt-125m"), {.precision =
///     census::cuda::precision::half}); for (auto&& layer : census::take_census(model, corpus,
///     census::plan_census(model, corpus))) folder.append(layer);
using model = basic_model<cublaslt_products>;

}  // namespace census::cuda
