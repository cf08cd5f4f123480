// SPDX-License-Identifier: MIT
// census take --device cuda: the model runs, and firings are counted, on CUDA devices.
#include <census/cuda/model.hpp>
#include <census/cuda/only_user_of_devices.hpp>
#include <census/cuda/survey_tables.hpp>

#include "take_run.hpp"

#include <cstdint>
#include <iostream>
#include <string>

namespace {

census::cuda::precision precision_of(take_settings const& asked) {
  if (auto const known = census::cuda::precision_of(asked.precision)) return *known;
  throw census::bad_input("--precision " + asked.precision, "should be exact, tf32, half or bfloat16");
}

/// What the run will hold on each device.
void tell(census::cuda::model const& model, census::census_plan const& plan) {
  auto const mebibytes = [](std::uint64_t bytes) { return std::to_string((bytes >> 20) + 1) + " MiB"; };
  auto const share = census::cuda::largest_share(plan.size.tokens, plan.rows_per_block, model.devices().size());
  auto const there = census::cuda::plan_device(model,
                                               {.tokens = share,
                                                .context = plan.size.positions,
                                                .rows_per_block = plan.rows_per_block,
                                                .layers = plan.options.last_layer,
                                                .keep_values = plan.options.keeps_values()},
                                               plan.residuals_held / model.devices().size());
  for (auto const& device : model.devices())
    std::cerr << "on " << census::cuda::device_name(device.number) << ", " << device.name << ", products in "
              << name_of(model.precision()) << ": at most " << mebibytes(there.total()) << " of its memory, of these "
              << mebibytes(there.weights) << " weights of " << there.layers_held
              << (there.layers_held == 1 ? " layer, " : " layers, ") << mebibytes(there.working + there.blocks)
              << " to work in, " << mebibytes(there.tables) << " tables, "
              << mebibytes(there.residuals_held + there.staged) << " residual streams"
              << (there.residuals_held < there.residuals ? "; the others wait on the host\n" : "\n");
}

}  // namespace

void take_on_device(take_settings const& asked) try {
  census::cuda::only_user_of_devices const alone;
  census::cuda::device_options options{.devices = census::cuda::devices_named(asked.device),
                                       .precision = precision_of(asked),
                                       .memory = asked.device_memory};
  auto const threads = limit_threads(asked);
  auto open = open_census(asked);
  options.tables = census::cuda::bytes_of_tables(census::size_of_census(open.model, open.corpus, open.options));
  census::cuda::model const model(open.model, options);
  take_census_of(model, open, asked, [&](census::census_plan const& plan) { tell(model, plan); });
} catch (census::cuda::device_error const& error) {
  throw census::bad_input("--device " + asked.device, error.what());
}
