// SPDX-License-Identifier: MIT
// bench_ngrams [TOKENS [NEURONS]]: the survey of one layer by token (a table) and by n-gram (kept firings, sorted), all
// on the same synthetic source: seconds without the source's own, those of all threads together and of these to count,
// and peak memory, each in a process of its own.
// bench_ngrams --places [TOKENS [NEURONS]]: trigrams alone, with firings in memory and in a file, in turn.
// Before anything is timed, a small case is checked against brute force.
#include "synthetic_source.hpp"

#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/activation/join.hpp>
#include <census/report/peak_memory.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/ngram_census.hpp>

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr auto everything = ~std::uint64_t{0};  // bytes in memory

/// Seconds on the clock, and of all threads of this process.
struct seconds {
  double clock = 0, threads = 0;

  static seconds now() {
    auto const of = [](clockid_t id) {
      timespec time{};
      ::clock_gettime(id, &time);
      return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    return {of(CLOCK_MONOTONIC), of(CLOCK_PROCESS_CPUTIME_ID)};
  }
  seconds& operator+=(seconds const& more) {
    clock += more.clock, threads += more.threads;
    return *this;
  }
  friend seconds operator-(seconds const& a, seconds const& b) { return {a.clock - b.clock, a.threads - b.threads}; }
};

/// What a function takes, added to `taken`.
template <class Function>
auto timed(seconds& taken, Function function) {
  auto const start = seconds::now();
  if constexpr (std::is_void_v<decltype(function())>) {
    function();
    taken += seconds::now() - start;
  } else {
    auto result = function();
    taken += seconds::now() - start;
    return result;
  }
}

template <class... Observers>
void observe_all(bench::synthetic_shape const& shape, seconds& taken, Observers&... observers) {
  bench::synthetic_source source(shape);
  while (auto const block = source()) timed(taken, [&] { (observers.observe(*block), ...); });
}

struct outcome {
  seconds observing, sorting, counting;
  std::string remark;
};

outcome by_token_table(bench::synthetic_shape const& shape) {
  outcome out;
  census::token_coverage tokens;
  observe_all(shape, out.observing, tokens);
  auto const detectors = timed(out.counting, [&] {
    return census::detectors(tokens.table(0)).size();  // each neuron's cover is worked out on the way
  });
  out.remark = std::to_string(tokens.table(0).rows()) + " distinct, " + std::to_string(detectors) + " detectors";
  return out;
}

census::ngram_census sorted_census(bench::synthetic_shape const& shape, std::size_t n, std::uint64_t memory,
                                   outcome& out) {
  census::kept_firings kept(memory);
  observe_all(shape, out.observing, kept);
  auto const layer = kept.at(0);
  auto const ngrams = timed(out.sorting, [&] { return census::ngram_rows(n, census::join(layer.texts())); });
  return timed(out.counting, [&] { return census::take_ngram_census(layer, ngrams); });
}

outcome by_sorting(bench::synthetic_shape const& shape, std::size_t n, std::uint64_t memory) {
  outcome out;
  auto const taken = sorted_census(shape, n, memory, out);
  out.remark = std::to_string(taken.distinct) + " distinct, " + std::to_string(taken.detectors.size()) + " detectors";
  return out;
}

void expect(bool holds, char const* what) {
  if (holds) return;
  std::cerr << "the n-gram census and brute force disagree about " << what << '\n';
  std::_Exit(1);
}

/// N-grams counted the plain way, in a map, on a small case.
void check() {
  bench::synthetic_shape const shape{.tokens = 30'000, .neurons = 130, .vocabulary = 300, .context = 100};
  for (std::size_t n : {1, 2, 3}) {
    std::map<std::vector<census::token_id>, std::pair<std::uint32_t, std::vector<std::uint32_t>>> counts;
    bench::synthetic_source source(shape);
    while (auto const block = source())
      for (auto const& sequence : block->text()->sequences)
        for (std::size_t p = n; p < sequence.length; ++p) {  // position 0 is BOS
          auto const last = block->text()->tokens.begin() + sequence.first_row + static_cast<std::ptrdiff_t>(p) + 1;
          auto& [occurrences, fired] = counts[{last - static_cast<std::ptrdiff_t>(n), last}];
          fired.resize(shape.neurons);
          ++occurrences;
          for (std::size_t i = 0; i < shape.neurons; ++i) fired[i] += block->firings().fires(sequence.first_row + p, i);
        }
    outcome out;
    auto const taken = sorted_census(shape, n, 0, out);
    expect(taken.distinct == counts.size(), "the n-grams");
    std::size_t detectors = 0;
    for (std::size_t i = 0; i < shape.neurons; ++i) {
      std::vector<std::uint32_t> fired;
      std::uint64_t sum = 0, held = 0, explained = 0;
      std::uint32_t cover = 0;
      for (auto const& [tokens, here] : counts) {
        fired.push_back(here.second[i]);
        sum += here.second[i];
        if (100 * here.second[i] >= 95 * here.first) explained += here.second[i];
      }
      std::sort(fired.rbegin(), fired.rend());
      while (100 * held < 95 * sum) held += fired[cover++];
      expect(taken.firings[i] == sum, "firings");
      expect(taken.cover[i] == cover, "cover");
      detectors += cover > 0 && cover <= (n == 1 ? 5 : 50) && 100 * explained >= 95 * sum;
    }
    expect(taken.detectors.size() == detectors, "detectors");
  }
}

/// Runs a function in a process of its own.
template <class Function>
void apart(Function function) {
  std::fflush(stdout);
  auto const child = ::fork();
  if (child == 0) {
    function();
    std::fflush(stdout);
    std::_Exit(0);
  }
  int status = 1;
  if (child > 0) ::waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

template <class Survey>
void measure(char const* name, Survey survey) {
  apart([&] {
    outcome const out = survey();
    seconds total = out.observing;
    total += out.sorting;
    total += out.counting;
    std::printf("%-30s %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %7.0f  %s\n", name, out.observing.clock, out.sorting.clock,
                out.counting.clock, total.clock, total.threads, out.counting.threads,
                static_cast<double>(census::peak_memory()) / 1048576, out.remark.c_str());
  });
}

}  // namespace

int main(int argc, char** argv) {
  bool const places = argc > 1 && std::string_view(argv[1]) == "--places";
  if (places) --argc, ++argv;
  bench::synthetic_shape shape;
  if (argc > 1) shape.tokens = std::stoull(argv[1]);
  if (argc > 2) shape.neurons = std::stoul(argv[2]);
  apart(check);
  std::printf("%llu tokens, %zu neurons; seconds, MiB (VmHWM)\n%-30s %8s %8s %8s %8s %8s %8s %7s\n",
              static_cast<unsigned long long>(shape.tokens), shape.neurons, "", "observe", "sort", "count", "total",
              "threads", "to count", "MiB");
  if (!places) {
    measure("token table", [&] { return by_token_table(shape); });
    measure("unigrams by sorting", [&] { return by_sorting(shape, 1, everything); });
    measure("bigrams by sorting", [&] { return by_sorting(shape, 2, everything); });
  }
  for (int turn = 0; turn < (places ? 3 : 1); ++turn) {
    measure("trigrams by sorting", [&] { return by_sorting(shape, 3, everything); });
    measure("trigrams, firings in a file", [&] { return by_sorting(shape, 3, 0); });
  }
}
