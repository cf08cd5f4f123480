// SPDX-License-Identifier: MIT
// The neurons without firings, out of the neurons.csv of a census that was taken before.
#include <census/report/read_silent_neurons.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>

void fuzz_silent_neurons(std::span<std::byte const> input) {
  using census_fuzz::ensure;
  census_fuzz::input_folder const files(input, {"neurons.csv"});
  files.read([&] {
    constexpr std::size_t first = 1, last = 3, neurons = 3;
    auto const silent = census::detail::silent_neurons_of_csv(files.path(), first, last, neurons);
    ensure(silent.size() == last - first, "each layer that was asked for is there");
    for (auto const& layer : silent) {
      ensure(std::ranges::adjacent_find(layer, std::greater_equal()) == layer.end(), "neurons ascend");
      ensure(layer.empty() || layer.back() < neurons, "a neuron is one of the model's");
    }
  });
}
