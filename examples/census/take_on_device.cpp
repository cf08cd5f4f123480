// SPDX-License-Identifier: MIT
// census take --device cuda: the model runs, and firings are counted, on a CUDA device.
#include <census/cuda/model.hpp>
#include <census/cuda/survey_tables.hpp>

#include "take_run.hpp"

namespace {

census::cuda::precision precision_of(take_settings const& asked) {
  if (auto const known = census::cuda::precision_of(asked.precision)) return *known;
  throw census::bad_input("--precision " + asked.precision, "should be exact, tf32, half or bfloat16");
}

}  // namespace

void take_on_device(take_settings const& asked) try {
  census::cuda::device_options options{.device = census::cuda::device_number(asked.device),
                                       .precision = precision_of(asked),
                                       .memory = asked.device_memory};
  census::cuda::check_device(options.device);
  opened_census open(asked);
  options.tables = census::cuda::bytes_of_tables(census::size_of_census(open.model, open.corpus, open.options));
  census::cuda::model const model(open.model, options);
  take_census_of(model, open, asked, [&](auto const&) {
    std::cerr << "on " << asked.device << ", " << model.device().name << ": at most " << (model.device_memory() >> 20)
              << " MiB of its memory, products in " << asked.precision << '\n';
  });
} catch (census::cuda::device_error const& error) {
  throw census::bad_input("--device " + asked.device, error.what());
}
