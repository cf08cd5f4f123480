// SPDX-License-Identifier: MIT
// Packing and counting a block of 8192 tokens x 3072 neurons, 5 % firing, against the floor: memcpy of its float
// activations. Before anything is timed, the engine's counts are checked against a plain loop's.
#include <census/activation/packed_firings.hpp>
#include <census/tabulation/tabulate.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <vector>

namespace {

constexpr std::size_t rows = 8192, neurons = 3072, context = 2048, vocabulary = 50272;

struct block {
  std::vector<float> values = std::vector<float>(rows * neurons);
  std::vector<std::uint32_t> by_position, by_token;  // table row of each token
  census::packed_firings firings;

  block() {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> unit;
    for (float& value : values) value = static_cast<float>(unit(random) - 0.95);
    for (std::size_t i = 0; i < rows; ++i) {
      by_position.push_back(static_cast<std::uint32_t>(i % context));
      by_token.push_back(static_cast<std::uint32_t>(std::pow(static_cast<double>(vocabulary), unit(random))) -
                         1);  // Zipf
    }
    firings = census::pack({values, neurons});
  }
};

block const& the_block() {
  static block const made;
  return made;
}

/// What users write today: a loop over the floats, one counter a key and neuron.
void plain_loop(std::vector<std::uint32_t> const& keys, std::vector<std::uint32_t>& counts) {
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t n = 0; n < neurons; ++n) counts[keys[i] * neurons + n] += the_block().values[i * neurons + n] > 0;
}

void check(std::vector<std::uint32_t> const& keys, std::size_t key_count) {
  std::vector<std::uint32_t> expected(key_count * neurons, 0);
  plain_loop(keys, expected);
  census::firing_counts counts(neurons);
  tabulate(the_block().firings, keys, counts);
  for (std::size_t key = 0; key < counts.rows(); ++key)
    if (counts.occurrences(key) > 0 &&
        !std::equal(counts.counts(key).begin(), counts.counts(key).end(), &expected[key * neurons])) {
      std::cerr << "the engine and the plain loop disagree at key " << key << '\n';
      std::exit(1);
    }
}

void floor_memcpy(benchmark::State& state) {
  std::vector<float> copy(rows * neurons);
  for (auto _ : state) {
    std::memcpy(copy.data(), the_block().values.data(), copy.size() * sizeof(float));
    benchmark::ClobberMemory();
  }
}
void pack(benchmark::State& state) {
  std::vector<std::uint64_t> words(rows * census::packed_firings::words_for(neurons));
  for (auto _ : state) {
    for (std::size_t i = 0; i < rows; ++i)
      benchmark::DoNotOptimize(
          census::pack_row({&the_block().values[i * neurons], neurons}, &words[i * (neurons / 64)]));
    benchmark::ClobberMemory();
  }
}
void tabulate_by(benchmark::State& state, std::vector<std::uint32_t> const& keys) {
  census::firing_counts counts(neurons);
  tabulate(the_block().firings, keys, counts);  // its rows exist, as they do in the steady state
  for (auto _ : state) tabulate(the_block().firings, keys, counts);
}
void plain_loop_by(benchmark::State& state, std::vector<std::uint32_t> const& keys, std::size_t key_count) {
  std::vector<std::uint32_t> counts(key_count * neurons, 0);
  for (auto _ : state) {
    plain_loop(keys, counts);
    benchmark::ClobberMemory();
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  check(the_block().by_position, context);
  check(the_block().by_token, vocabulary);
  auto const timed = [](char const* name, auto function, auto... arguments) {
    benchmark::RegisterBenchmark(name, function, arguments...)->Unit(benchmark::kMillisecond)->UseRealTime();
  };
  timed("floor/memcpy of the floats", floor_memcpy);
  timed("pack", pack);
  timed("tabulate/position", tabulate_by, std::cref(the_block().by_position));
  timed("tabulate/token", tabulate_by, std::cref(the_block().by_token));
  timed("plain loop/position", plain_loop_by, std::cref(the_block().by_position), context);
  timed("plain loop/token", plain_loop_by, std::cref(the_block().by_token), vocabulary);
  benchmark::RunSpecifiedBenchmarks();
}
