// SPDX-License-Identifier: MIT
// Packing and counting on a device, against the bandwidth of a copy there: what each of them must read and write, over
// the time it takes, as a share of what a copy reads and writes in that time.
#pragma once

#include "checks.hpp"
#include "keys.hpp"
#include "measures.hpp"

#include <census/activation/activation_values.hpp>
#include <census/activation/packed_firings.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/pack.hpp>
#include <census/cuda/tabulate.hpp>
#include <census/splitmix64.hpp>
#include <census/tabulation/tabulate.hpp>

#include <cuda_runtime.h>

#include <tbb/parallel_for.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Activations [row, neuron]: 1 where a neuron fires, one in 20, else -1.
inline std::vector<float> random_activations(std::size_t rows, std::size_t neurons) {
  std::vector<float> values(rows * neurons);
  tbb::parallel_for(std::size_t{0}, values.size(),
                    [&](std::size_t i) { values[i] = census::splitmix64(i) % 20 == 0 ? 1.f : -1.f; });
  return values;
}

/// Bytes that counting a block must read and write: the bits once, and each cell of each row of the table twice.
inline double counted_bytes(census::cuda::firings const& firings, census::key_rows const& keys,
                            census::firing_counts const& counts) {
  double bytes = static_cast<double>(keys.order().size() * firings.words_per_row() * 8);
  for (auto const& group : keys.groups())
    bytes += 2. * static_cast<double>(counts.cell_bytes_after(group) * counts.padded_neurons());
  return bytes;
}

class counting {
 public:
  /// Of blocks of such a text and so many neurons.
  counting(census::shared_text text, std::size_t neurons, measures& into)
      : text_(std::move(text)), neurons_(neurons), into_(into), on_(census::cuda::detail::device::open(0)),
        bandwidth_(copy_bandwidth()) {
    into_.add("copy on the device", bandwidth_ * 1e-9, "GB/s read and written");
  }

  void run(std::size_t passes_of_16_bits, std::size_t passes_of_32_bits) {
    auto const firings = pack();
    auto const bits = firings.on_host();
    for (bool const by_token : {false, true}) {
      std::string const what = by_token ? "token" : "position";
      census::key_rows const keys = by_token ? keys_by_token(*text_) : keys_by_position(*text_);
      census::firing_counts counts(neurons_);
      times_counted times;
      auto const count_at = [&](std::string const& age) {
        count(firings, keys, counts, times, "table by " + what + ", " + age);
        check_table(counts, bits, keys, times, "table by " + what + ", " + age);
      };
      count_at("new");
      grow_old(keys, counts, times, passes_of_16_bits);
      count_at("after " + std::to_string(passes_of_16_bits) + " blocks");
      grow_old(keys, counts, times, passes_of_32_bits);
      count_at("after " + std::to_string(passes_of_32_bits) + " more");
    }
  }

 private:
  std::size_t rows() const { return text_->tokens.size(); }

  double copy_bandwidth() const {
    std::size_t const bytes = rows() * neurons_ * sizeof(float);
    census::cuda::detail::device_array<std::byte> const from(on_, bytes), to(on_, bytes);
    census::cuda::detail::check(cudaMemsetAsync(from.data(), 1, bytes, on_->stream()), "cudaMemsetAsync");
    return 2. * static_cast<double>(bytes) / seconds_of(on_->stream(), 10, [&] {
             census::cuda::detail::check(
                 cudaMemcpyAsync(to.data(), from.data(), bytes, cudaMemcpyDeviceToDevice, on_->stream()),
                 "cudaMemcpyAsync");
           });
  }

  census::cuda::firings pack() {
    auto values = random_activations(rows(), neurons_);
    auto const read_and_written = static_cast<double>(values.size()) * (sizeof(float) + 1. / 8);
    census::cuda::detail::device_array<float> const there(on_, values.size());
    census::cuda::detail::check(
        cudaMemcpy(there.data(), values.data(), values.size() * sizeof(float), cudaMemcpyHostToDevice), "cudaMemcpy");
    census::cuda::device_values const lent{.data = there.data(), .rows = rows(), .neurons = neurons_};
    auto packed = census::cuda::pack(lent, on_->stream());
    add("packing float32", seconds_of(on_->stream(), 10, [&] { packed = census::cuda::pack(lent, on_->stream()); }),
        read_and_written);
    check_bits(packed.on_host(), census::pack(census::activation_values(std::move(values), neurons_)),
               "packing float32");
    return packed;
  }

  void count(census::cuda::firings const& firings, census::key_rows const& keys, census::firing_counts& counts,
             times_counted& times, std::string const& what) {
    double const bytes = counted_bytes(firings, keys, counts);
    add(what, seconds_of(on_->stream(), 5, [&] { tabulate(firings, keys, counts), ++times.block; }), bytes);
  }

  /// Counts a text in which nothing fires, so often: cells widen as their keys occur.
  void grow_old(census::key_rows const& keys, census::firing_counts& counts, times_counted& times,
                std::size_t passes) const {
    std::size_t const words = rows() * census::packed_firings::words_for(neurons_);
    census::cuda::detail::device_array<std::uint64_t> none(on_, words);
    census::cuda::detail::check(cudaMemsetAsync(none.data(), 0, words * 8, on_->stream()), "cudaMemsetAsync");
    census::cuda::firings const silent(std::move(none), rows(), neurons_);
    for (std::size_t pass = 0; pass < passes; ++pass) tabulate(silent, keys, counts), ++times.silence;
  }

  void add(std::string const& what, double seconds, double bytes) {
    into_.add(what + ": bytes that must move, over those of a copy", bytes / seconds / bandwidth_, "",
              measures::goal::at_least, 0.6);
    into_.add(what, seconds * 1e6, "µs a block");
  }

  census::shared_text text_;
  std::size_t neurons_;
  measures& into_;
  std::shared_ptr<census::cuda::detail::device const> on_;
  double bandwidth_;
};
