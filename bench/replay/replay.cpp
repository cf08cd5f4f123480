// SPDX-License-Identifier: MIT
// Recorded firings replayed out of the file cache, against memcpy of their bytes, in turns. Prints JSON. Before
// anything is timed, what is replayed is compared with what was recorded, bit by bit.
#include "ngrams/synthetic_source.hpp"
#include "survey/paired.hpp"

#include <census/accumulator/paper_tables.hpp>
#include <census/recording/firings_recording.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/survey/survey.hpp>

#include <CLI/CLI.hpp>
#include <tbb/global_control.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace {

std::vector<census::block> synthetic_blocks(bench::synthetic_shape const& shape) {
  std::vector<census::block> all;
  bench::synthetic_source source(shape);
  while (auto block = source()) all.push_back(*std::move(block));
  return all;
}

void record(std::vector<census::block> const& blocks, bench::synthetic_shape const& shape,
            std::filesystem::path const& folder) {
  std::uint64_t sequences = 0;
  for (auto const& block : blocks) sequences += block.text()->sequences.size();
  census::recording_writer writer(folder, {.layers = 1,
                                           .neurons = shape.neurons,
                                           .tokens = shape.tokens,
                                           .sequences = sequences,
                                           .context = shape.context,
                                           .domains = {"synthetic"},
                                           .bos = 2});
  for (auto const& block : blocks) writer.observe(block);
  writer.commit();
}

std::span<std::uint64_t const> words_of(census::block const& block) {
  return {block.firings().row(0).data(), block.firings().rows() * block.firings().words_per_row()};
}

/// Whether a recording gives the same bits as what was recorded.
bool is_same(census::firings_recording const& recorded, std::vector<census::block> const& blocks) {
  std::size_t i = 0;
  for (census::block const& block : census::activations(recorded)) {
    if (i == blocks.size() || *block.text() != *blocks[i].text() ||
        !std::ranges::equal(words_of(block), words_of(blocks[i])))
      return false;
    ++i;
  }
  return i == blocks.size();
}

/// Goes through all blocks and looks at every word.
std::uint64_t replay_alone(census::firings_recording const& recorded) {
  std::uint64_t sum = 0;
  for (census::block const& block : census::activations(recorded))
    for (std::uint64_t const word : words_of(block)) sum += word;
  return sum;
}

template <class... Tables, class Source>
void count(Source&& source) {
  std::tuple<Tables...> tables;
  std::apply([&](auto&... each) { census::survey(source, each...); }, tables);
}

/// Copies the bits of all blocks, one block after the other, to one place.
void copy_all(std::vector<census::block> const& blocks, std::vector<std::uint64_t>& to) {
  for (auto const& block : blocks) std::memcpy(to.data(), words_of(block).data(), words_of(block).size_bytes());
}

void run(bench::synthetic_shape const& shape, std::filesystem::path const& folder, std::size_t runs) {
  auto const blocks = synthetic_blocks(shape);
  record(blocks, shape, folder);
  census::firings_recording const recorded(folder);
  if (!is_same(recorded, blocks)) throw std::runtime_error("what is replayed is not what was recorded");

  std::size_t largest = 0;
  for (auto const& block : blocks) largest = std::max(largest, words_of(block).size());
  std::vector<std::uint64_t> buffer(largest);
  std::uint64_t volatile looked_at = 0;
  auto const copied = [&] { return timed([&] { copy_all(blocks, buffer); }); };
  auto const replayed = [&] { return timed([&] { looked_at = replay_alone(recorded); }); };
  auto const alive = [&] { return timed([&] { count<census::liveness>(census::activations(recorded)); }); };
  auto const all_tables = [&](auto&& source) {
    return timed([&] { count<census::liveness, census::token_coverage, census::position_information>(source); });
  };
  std::uint64_t const bytes = shape.tokens * census::recording_writer::bytes_of_row(shape.neurons);
  nlohmann::ordered_json const result{
      {"benchmark", "replay"},
      {"tokens", shape.tokens},
      {"neurons", shape.neurons},
      {"bytes", bytes},
      {"pairs", runs},
      {"replay_to_memcpy", paired_times(runs, copied, replayed).json("memcpy_seconds", "replay_seconds")},
      {"liveness_to_memcpy", paired_times(runs, copied, alive).json("memcpy_seconds", "replay_seconds")},
      {"three_tables_replayed_to_in_memory",
       paired_times(
           runs, [&] { return all_tables(blocks); }, [&] { return all_tables(census::activations(recorded)); })
           .json("memory_seconds", "replay_seconds")}};
  std::cout << result.dump(1) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Recorded firings replayed, against memcpy"};
  bench::synthetic_shape shape{.tokens = 400'000};
  std::size_t runs = 9, threads = 1;
  auto folder = std::filesystem::temp_directory_path() / "census-bench-replay";
  app.add_option("--tokens", shape.tokens);
  app.add_option("--neurons", shape.neurons);
  app.add_option("--runs", runs);
  app.add_option("--threads", threads);
  app.add_option("--folder", folder, "Where to record; it is removed");
  CLI11_PARSE(app, argc, argv);
  tbb::global_control const limit(tbb::global_control::max_allowed_parallelism, threads);
  try {
    run(shape, folder, runs);
    std::filesystem::remove_all(folder);
    return 0;
  } catch (std::exception const& error) {
    std::cerr << "bench_replay: " << error.what() << '\n';
    return 1;
  }
}
