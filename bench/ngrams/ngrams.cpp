// SPDX-License-Identifier: MIT
// bench_ngrams [TOKENS [NEURONS]]: the survey of one layer by token (a table) and by bigram and trigram (kept firings,
// sorted), on the same synthetic source: seconds without the source's own, and peak memory, each in a process of its
// own. Before anything is timed, a small case is checked against brute force.
#include "synthetic_source.hpp"

#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/named.hpp>
#include <census/activation/joined_text.hpp>
#include <census/report/peak_memory.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/ngram_census.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

constexpr auto everything = ~std::uint64_t{0};  // bytes in memory

double since(clock_type::time_point start) { return std::chrono::duration<double>(clock_type::now() - start).count(); }

/// Shows every block to an observer; the seconds that the observer took.
template <class Observer>
double observe_all(bench::synthetic_shape const& shape, Observer& observer) {
  bench::synthetic_source source(shape);
  double seconds = 0;
  while (auto const block = source()) {
    auto const start = clock_type::now();
    observer.observe(*block);
    seconds += since(start);
  }
  return seconds;
}

struct outcome {
  std::uint64_t tokens = 0, keys = 0;
  std::vector<std::uint64_t> firings;
  std::vector<std::uint32_t> cover;
  std::vector<census::detector> detectors;
  double observing = 0, sorting = 0, counting = 0;

  double seconds() const { return observing + sorting + counting; }
};

outcome by_token_table(bench::synthetic_shape const& shape) {
  outcome out;
  census::token_coverage tokens;
  out.observing = observe_all(shape, tokens);
  auto const start = clock_type::now();
  auto const table = tokens.table(0);
  out.tokens = census::tokens(table);
  out.keys = table.rows();
  out.firings = census::firings(table);
  out.cover = census::covers(table);
  out.detectors = census::detectors(table);
  out.counting = since(start);
  return out;
}

outcome by_sorting(bench::synthetic_shape const& shape, std::size_t n, std::uint64_t memory) {
  outcome out;
  census::kept_firings kept(memory);
  out.observing = observe_all(shape, kept);
  auto const layer = kept.layer(0);
  auto const start = clock_type::now();
  census::ngram_rows const ngrams(n, census::join(layer.texts()));
  out.sorting = since(start);
  auto const sorted = clock_type::now();
  auto taken = census::take_ngram_census(layer, ngrams);
  out.counting = since(sorted);
  out.tokens = taken.tokens, out.keys = taken.distinct;
  out.firings = std::move(taken.firings), out.cover = std::move(taken.cover);
  out.detectors = std::move(taken.detectors);
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
    auto const taken = by_sorting(shape, n, 0);
    expect(taken.keys == counts.size(), "the n-grams");
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

/// Runs a survey in a child process and prints what it took.
template <class Survey>
void measure(char const* name, bench::synthetic_shape const& shape, Survey survey) {
  std::cout.flush();
  auto const child = ::fork();
  if (child < 0) std::exit(1);
  if (child == 0) {
    outcome const out = survey(shape);
    std::uint64_t firings = 0, covers = 0;
    for (std::uint64_t const f : out.firings) firings += f;
    for (std::uint32_t const k : out.cover) covers += k;
    std::printf("%-28s %9.2f %9.2f %9.2f %9.2f %9.0f %11llu %8.2f %% %9.0f %9zu\n", name, out.observing, out.sorting,
                out.counting, out.seconds(), static_cast<double>(census::peak_memory()) / 1048576,
                static_cast<unsigned long long>(out.keys),
                100 * static_cast<double>(firings) / static_cast<double>(out.tokens * out.firings.size()),
                static_cast<double>(covers) / static_cast<double>(out.cover.size()), out.detectors.size());
    std::fflush(stdout);
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::cerr << name << " failed\n";
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  bench::synthetic_shape shape;
  if (argc > 1) shape.tokens = std::stoull(argv[1]);
  if (argc > 2) shape.neurons = std::stoul(argv[2]);
  if (::fork() == 0) {  // threads started here would not be there in the children
    check();
    std::_Exit(0);
  }
  int status = 0;
  ::wait(&status);
  if (status != 0) return 1;
  std::printf("%llu tokens, %zu neurons; seconds, MiB (VmHWM)\n%-28s %9s %9s %9s %9s %9s %11s %10s %9s %9s\n",
              static_cast<unsigned long long>(shape.tokens), shape.neurons, "", "observe", "sort", "count", "total",
              "MiB", "distinct", "firing", "cover", "detectors");
  measure("token table", shape, by_token_table);
  measure("unigrams by sorting", shape, [](auto const& s) { return by_sorting(s, 1, everything); });
  measure("bigrams by sorting", shape, [](auto const& s) { return by_sorting(s, 2, everything); });
  measure("trigrams by sorting", shape, [](auto const& s) { return by_sorting(s, 3, everything); });
  measure("trigrams, firings in a file", shape, [](auto const& s) { return by_sorting(s, 3, 0); });
}
