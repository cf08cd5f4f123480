// SPDX-License-Identifier: MIT
// Packing and counting blocks of 3072 neurons, 5 % firing, on one thread. Before anything is timed, the engine's counts
// are checked against a plain loop's.
//
// Each measure is timed in turns with what it is compared to: memcpy of the block's float activations, or plain loops
// over them. The counters are of the pairs: `ratio`, the median of the ratios of CPU time, its quartiles, the median by
// the clock, and the goal.
#include "activations.hpp"
#include "plain_loop.hpp"

#include <census/activation/packed_firings.hpp>
#include <census/tabulation/tabulate.hpp>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

struct seconds {
  double clock, cpu;
};

template <class Work>
seconds timed(Work const& work) {
  auto const cpu_now = [] {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  };
  auto const start = std::chrono::steady_clock::now();
  double const cpu_start = cpu_now();
  work();
  benchmark::ClobberMemory();
  double const cpu = cpu_now() - cpu_start;
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), cpu};
}

/// Times `work` and what it is compared to in turns. A goal of 0 is none. Before each turn of `work` it is `forget`
/// that drives out of the caches what an earlier turn left there.
template <class Floor, class Work, class Forget>
void in_turns(benchmark::State& state, Floor const& floor, Work const& work, Forget const& forget, double goal) {
  std::vector<double> by_cpu, by_clock;
  for (auto _ : state) {
    bool const first = by_cpu.size() % 2 == 0;
    seconds before{}, after{};
    if (first) before = timed(floor);
    forget();
    seconds const mine = timed(work);
    if (!first) after = timed(floor);
    by_cpu.push_back(mine.cpu / (before.cpu + after.cpu));
    by_clock.push_back(mine.clock / (before.clock + after.clock));
    state.SetIterationTime(mine.clock);
  }
  std::ranges::sort(by_cpu);
  std::ranges::sort(by_clock);
  auto const pairs = by_cpu.size();
  state.counters["ratio"] = by_cpu[pairs / 2];
  state.counters["lower_quartile"] = by_cpu[pairs / 4];
  state.counters["upper_quartile"] = by_cpu[pairs * 3 / 4];
  state.counters["ratio_by_clock"] = by_clock[pairs / 2];
  if (goal > 0) state.counters["goal"] = goal;
}

/// A block with everything that is written while it is timed.
struct case_of_blocks {
  explicit case_of_blocks(std::size_t sequences, std::size_t length)
      : block(sequences, length, 3072, 0.05), copy(block.values.size()),
        words(new std::uint64_t[block.rows * words_per_row()]), firings(words, block.rows, block.neurons) {
    pack();
    for (std::size_t t = 0; t < 3; ++t) {
      census::firing_counts& counts = tables.emplace_back(block.neurons);
      plain.emplace_back(keys(t), block.neurons);
      key_rows.emplace_back(keys(t));          // once a text, for all its layers
      tabulate(firings, key_rows[t], counts);  // its rows exist, as they do in the steady state
    }
    grow_old();
    for (std::size_t t = 0; t < 3; ++t) {  // twice, and once into cells as wide as they are when they are timed
      tabulate(firings, key_rows[t], tables[t]);
      plain[t].add(block, keys(t));
      plain[t].add<true>(block, keys(t));
      check(t);
      std::size_t bytes = 0;
      for (std::size_t key = 0; key < tables[t].rows(); ++key)
        tables[t].visit_cells(key, [&](auto cells) { bytes += cells.size_bytes(); });
      touched.emplace_back(bytes);
    }
  }

  /// Brings the tables to where they stand in the midst of 5 million tokens, as far as cells go: they widen as their
  /// keys occur, and that is what counting costs in the steady state. In the text that has gone by nothing fired.
  void grow_old() {
    std::mt19937 random(2);
    for (std::size_t tokens = 0; tokens < 2'500'000; tokens += block.rows) {
      tables[0].admit(firings, key_rows[0]);
      tables[1].admit(firings, key_rows[1]);
      tables[2].admit(firings, census::key_rows(block.other_tokens(random)));
    }
  }

  /// Exits where a cell is not what the plain loops counted.
  void check(std::size_t table) const {
    bool same = tables[table].rows() == plain[table].counts.size() / block.neurons;
    for (std::size_t key = 0; same && key < tables[table].rows(); ++key)
      same = std::ranges::equal(tables[table].counts(key), plain[table].row(key, block.neurons));
    if (same) return;
    std::cerr << "the engine and the plain loops disagree in table " << table << '\n';
    std::exit(1);
  }

  std::size_t words_per_row() const { return census::packed_firings::words_for(block.neurons); }
  void copy_floats() { std::memcpy(copy.data(), block.values.data(), copy.size() * sizeof(float)); }
  void pack() {
    bool ordered = true;
    for (std::size_t i = 0; i < block.rows; ++i)
      ordered &= census::pack_row({&block.values[i * block.neurons], block.neurons}, &words[i * words_per_row()]);
    benchmark::DoNotOptimize(ordered);
  }
  /// What this way of counting cannot avoid: every float is read once, and as many bytes as the cells have that this
  /// block counts into are read and written once.
  void touch_memory() {
    std::uint32_t read = 0;
    for (std::size_t i = 0; i < block.values.size(); i += 64) {  // 3072 are 48 times 64
      census::detail::prefetch_ahead(&block.values[i]);
      for (std::size_t n = i; n < i + 64; ++n) read ^= std::bit_cast<std::uint32_t>(block.values[n]);
    }
    benchmark::DoNotOptimize(read);
    for (std::vector<std::uint8_t>& bytes : touched)
      for (std::uint8_t& byte : bytes) ++byte;
  }
  std::vector<std::uint32_t> const& keys(std::size_t table) const {
    return table == 0 ? block.nothing : table == 1 ? block.by_position : block.by_token;
  }

  activations block;
  std::vector<float> copy;
  std::shared_ptr<std::uint64_t[]> words;
  census::packed_firings firings;  // what pack() writes
  std::vector<census::key_rows> key_rows;
  std::vector<census::firing_counts> tables;
  std::vector<plain_table> plain;
  std::vector<std::vector<std::uint8_t>> touched;  // as many bytes as each table has in the rows of this block
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  tbb::global_control const one_thread(tbb::global_control::max_allowed_parallelism, 1);
#if defined(__AVX512F__)
  benchmark::AddCustomContext("vectors", "AVX-512");
#elif defined(__AVX2__)
  benchmark::AddCustomContext("vectors", "AVX2");
#elif defined(__SSE2__)
  benchmark::AddCustomContext("vectors", "SSE2");
#endif
  case_of_blocks long_ones(4, 2048), short_ones(8, 512);
  std::vector<std::uint64_t> const elsewhere(std::size_t{16} << 20, 1);  // 128 MiB, more than caches hold
  for (auto* const blocks : {&long_ones, &short_ones}) {
    std::string const of = blocks == &long_ones ? "/4 x 2048" : "/8 x 512";
    auto const forget = [&] { benchmark::DoNotOptimize(std::accumulate(elsewhere.begin(), elsewhere.end(), 0ull)); };
    auto const measure = [&](std::string name, auto floor, auto work, double goal) {
      benchmark::RegisterBenchmark((name + of).c_str(),
                                   [=](benchmark::State& state) { in_turns(state, floor, work, forget, goal); })
          ->Unit(benchmark::kMillisecond)
          ->Iterations(31)
          ->UseManualTime();
    };
    auto const copy = [blocks] { blocks->copy_floats(); };
    measure(
        "packing to memcpy", copy, [blocks] { blocks->pack(); }, 0.8);
    char const* const names[]{"liveness to memcpy", "position table to memcpy", "token table to memcpy"};
    for (std::size_t t = 0; t < 3; ++t)
      measure(
          names[t], copy, [=] { tabulate(blocks->firings, blocks->key_rows[t], blocks->tables[t]); }, 1.0);
    auto const three_tables = [blocks] {
      blocks->pack();
      for (std::size_t t = 0; t < 3; ++t) tabulate(blocks->firings, blocks->key_rows[t], blocks->tables[t]);
    };
    auto const three_loops = [blocks] {
      for (std::size_t t = 0; t < 3; ++t) blocks->plain[t].add(blocks->block, blocks->keys(t));
    };
    auto const three_branching_loops = [blocks] {
      for (std::size_t t = 0; t < 3; ++t) blocks->plain[t].add<true>(blocks->block, blocks->keys(t));
    };
    auto const memory = [blocks] { blocks->touch_memory(); };
    measure("three plain loops to three tables", three_tables, three_loops, 2.5);
    measure("three plain loops to touching the memory once", memory, three_loops, 0);
    measure("three tables to touching the memory once", memory, three_tables, 0);
    measure("three plain loops with an if to three tables", three_tables, three_branching_loops, 2.5);
  }
  benchmark::RunSpecifiedBenchmarks();
}
