// SPDX-License-Identifier: MIT
// What a layer's neurons promote, as a report and an export read it.
#include <census/report/projections_file.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <span>

void fuzz_projections(std::span<std::byte const> input) {
  using census_fuzz::ensure;
  census_fuzz::input_folder const files(input, {"projections-0.safetensors"});
  files.read([&] {
    auto const told = census::read_projections(files / "projections-0.safetensors");
    ensure(told.fits_together(), "each neuron has as many tokens and scores");
    census::stage_projections(files / "again.safetensors", told)->commit();
    ensure(census::read_projections(files / "again.safetensors") == told, "what is written and read again is equal");
  });
}
