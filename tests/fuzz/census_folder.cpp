// SPDX-License-Identifier: MIT
// A census that is read back from its folder.
#include <census/report/read_census.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace {

void check_census(census::census_record const& census) {
  using census_fuzz::ensure;
  ensure(!census.layers.empty(), "a census has a layer");
  for (std::size_t i = 1; i < census.layers.size(); ++i)
    ensure(census.layers[i - 1].layer < census.layers[i].layer, "layers ascend");
  for (auto const& one : census.positional) {
    auto const* const layer = census.find(one.layer);
    ensure(layer != nullptr && one.neuron < layer->neurons, "a positional neuron is one of a layer");
    ensure(std::isfinite(one.information), "information is a number");
  }
  for (auto const& layer : census.layers)
    ensure(layer.dead <= layer.neurons, "no more neurons are dead than there are");
  ensure(census::differences(census.run, census.run).empty(), "a run does not differ from itself");
}

}  // namespace

void fuzz_census_folder(std::span<std::byte const> input) {
  census_fuzz::input_folder const files(input, {"run.json", "layers.csv", "neurons.csv"});
  files.read([&] { check_census(census::read_census(files.path())); });
}
