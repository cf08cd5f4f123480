// SPDX-License-Identifier: MIT
// What several threads may do at a time with what they share. The preset `tsan` runs these under ThreadSanitizer, on
// loops that it sees through (fork_join.hpp); other builds check with oneTBB that the results are those of one thread.
#include <census/accumulator/kept_firings.hpp>
#include <census/accumulator/paper_tables.hpp>
#include <census/model/layers.hpp>
#include <census/model/open_model.hpp>
#include <census/survey/paper_survey.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>
#include <census/survey/take_census.hpp>
#include <census/tabulation/tabulate.hpp>

#include <support/catch.hpp>
#include <support/random_blocks.hpp>
#include <support/toy_model.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

/// Calls task(i), i = 0 .. threads - 1, each in a thread of its own, and waits for all.
template <class Task>
void in_threads(std::size_t threads, Task const& task) {
  std::vector<std::jthread> all;
  for (std::size_t i = 0; i < threads; ++i) all.emplace_back([&task, i] { task(i); });
}

/// Waits for another thread without being ordered after what it did: what follows is only as safe as census makes it.
void wait_for(std::atomic<int> const& count, int reached) {
  while (count.load(std::memory_order_relaxed) < reached) std::this_thread::yield();
}

std::vector<census::block> some_blocks() {
  return census_test::random_blocks({.texts = 6, .neurons = 700, .layers = 1, .context = 16});
}

/// Rows of a text counted under their position modulo 5.
census::key_rows rows_of(census::block const& block) {
  std::vector<std::uint32_t> rows(block.firings().rows());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint32_t>(i % 5);
  return census::key_rows(rows);
}

census::firing_counts counts_of(std::vector<census::block> const& blocks) {
  census::firing_counts counts(blocks[0].firings().neurons());
  for (census::block const& block : blocks) tabulate(block.firings(), rows_of(block), counts);
  return counts;
}

}  // namespace

TEST_CASE("threads write to copies of the same counts, while others read the original") {
  auto const blocks = some_blocks();
  auto const original = counts_of(blocks);
  auto const once_more = rows_of(blocks[0]);
  auto expected = original;
  tabulate(blocks[0].firings(), once_more, expected);
  std::vector<census::firing_counts> copies(4, original);
  std::vector<int> read_alike(4);
  in_threads(8, [&, unwritten = original](std::size_t i) {
    if (i < 4)
      tabulate(blocks[0].firings(), once_more, copies[i]);
    else
      read_alike[i - 4] = original == unwritten;
  });
  for (auto const& copy : copies) CHECK(copy == expected);
  CHECK(std::ranges::count(read_alike, 1) == 4);
  CHECK(original == counts_of(blocks));
}

TEST_CASE("counts are written in place as soon as the last copy that another thread reads is gone") {
  auto const blocks = some_blocks();
  auto counts = counts_of(blocks), expected = counts_of(blocks);  // two that share nothing
  auto const rows = rows_of(blocks[0]);
  auto const* const cells = counts.cells(3).data();
  std::atomic<int> gone = 0;
  std::uint64_t sum = 0;
  {
    std::jthread const reader([&gone, &sum, copy = std::optional(counts)]() mutable {
      for (std::size_t row = 0; row < copy->rows(); ++row) sum += copy->counts(row)[3];
      copy.reset();
      gone.fetch_add(1, std::memory_order_relaxed);
    });
    wait_for(gone, 1);
    tabulate(blocks[0].firings(), rows, counts);
  }
  tabulate(blocks[0].firings(), rows, expected);
  CHECK(counts == expected);
  CHECK(counts.cells(3).data() == cells);  // not copied
  CHECK(sum > 0);
}

TEST_CASE("surveys of parts of the blocks, each in a thread, merge to the survey of all") {
  auto const blocks = census_test::random_blocks({.texts = 8, .neurons = 140, .layers = 2});
  census::paper_survey whole;
  for (auto const& block : blocks) whole.observe(block);
  std::vector<census::paper_survey> parts(4);
  in_threads(4, [&](std::size_t i) {
    for (std::size_t b = 0; b < blocks.size(); ++b)
      if (b / 2 % 4 == i) parts[i].observe(blocks[b]);  // two layers a text
  });
  for (std::size_t i = 1; i < 4; ++i) parts[0].merge(parts[i]);
  CHECK(parts[0] == whole);
}

TEST_CASE("results of one survey are taken in several threads at a time, and are the same") {
  auto const blocks = census_test::random_blocks({.texts = 8, .neurons = 140, .layers = 1});
  census::paper_survey seen({.kept_memory = 3000});  // most in a file
  std::vector<census::shared_text> texts;
  for (auto const& block : blocks) seen.observe(block), texts.push_back(block.text());
  std::vector<census::ngram_rows> const ngrams{census::ngram_rows(2, census::join(texts))};
  std::vector<census::layer_census> taken(3);
  in_threads(3, [&](std::size_t i) { taken[i] = seen.result(0, ngrams); });
  for (auto const& one : taken) {
    CHECK(one.ngrams == taken[0].ngrams);
    CHECK(one.tokens.cover == taken[0].tokens.cover);
    CHECK(one.position.mutual_information == taken[0].position.mutual_information);
  }
}

TEST_CASE("copies of kept firings go on in threads of their own, and write to one file") {
  auto const blocks = census_test::random_blocks({.texts = 9, .neurons = 140, .layers = 1});
  census::kept_firings whole, shared(0);  // all in a file
  for (auto const& block : blocks) whole.observe(block);
  shared.observe(blocks[0]);
  std::vector<census::kept_firings> parts(2, shared);
  in_threads(2, [&](std::size_t i) {
    for (std::size_t b = 1 + i; b < blocks.size(); b += 2) parts[i].observe(blocks[b]);
  });
  census::kept_firings merged = parts[0], others;
  for (std::size_t b = 2; b < blocks.size(); b += 2) others.observe(blocks[b]);
  merged.merge(others);
  CHECK(merged == whole);
  census::kept_firings second = parts[1], firsts;
  for (std::size_t b = 1; b < blocks.size(); b += 2) firsts.observe(blocks[b]);
  second.merge(firsts);
  CHECK(second == whole);
}

TEST_CASE("a model's blocks are read in another thread while the model makes the next one") {
  auto const folder = std::filesystem::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt";
  auto const model = census::open_model(folder);
  std::vector<census::shared_text> texts;
  for (std::uint64_t t = 0; t < 4; ++t) {
    census::text_rows rows;
    for (std::uint32_t s = 0; s < 2; ++s) {
      rows.sequences.push_back({.document = 2 * t + s, .first_row = 8 * s, .length = 8, .full = true});
      for (census::token_id p = 0; p < 8; ++p)
        rows.tokens.push_back(4 + 31 * static_cast<census::token_id>(t) + 7 * s + p);
    }
    texts.push_back(census::share(std::move(rows)));
  }
  auto const run = [&](bool in_another_thread) {
    std::vector<std::uint64_t> fired;
    for (auto&& layer : census::layers(model, texts)) {
      census::liveness alive;
      std::jthread reader;
      for (census::block const& block : layer) {
        if (reader.joinable()) reader.join();
        if (in_another_thread)
          reader = std::jthread([&alive, block] { alive.observe(block); });
        else
          alive.observe(block);
      }
      if (reader.joinable()) reader.join();
      auto const number = alive.layers().front();
      for (auto const count : alive.table(number).counts(0)) fired.push_back(count);
    }
    return fired;
  };
  auto const expected = run(false);
  CHECK(std::ranges::count(expected, 0u) < static_cast<std::ptrdiff_t>(expected.size()));
  std::vector<std::vector<std::uint64_t>> runs(2);  // of one model, at a time
  in_threads(2, [&](std::size_t i) { runs[i] = run(true); });
  for (auto const& one : runs) CHECK(one == expected);
}

TEST_CASE("one tokenizer encodes in several threads at a time") {
  auto const model = census::open_model(std::filesystem::path(CENSUS_EXAMPLES_FOLDER) / "tiny_opt");
  std::string const text = "Several threads, one tokenizer: " + std::string(300, 'x') + " unhyphenatedwords";
  auto const expected = model.tokenizer().encode(text);
  std::vector<std::vector<census::token_id>> encoded(4);
  in_threads(4, [&](std::size_t i) { encoded[i] = model.tokenizer().encode(text); });
  for (auto const& ids : encoded) CHECK(ids == expected);
}

TEST_CASE("censuses of one model and corpus are taken in two threads at a time, each with its progress") {
  elsewhere::toy_model::rule const rule = [](std::uint32_t layer, std::size_t neuron,
                                             std::span<census::token_id const> tokens, std::size_t position) {
    return (tokens[position] + neuron + layer) % 7 == position % 7 ? 1.f : -1.f;
  };
  elsewhere::toy_corpus const corpus(60, 24, 40);
  std::vector<std::vector<std::uint64_t>> fired(2);
  std::vector<std::uint64_t> tokens(2);
  in_threads(2, [&](std::size_t i) {
    elsewhere::toy_model const model({.layers = 2, .ffn_size = 96, .vocabulary_size = 40}, rule);
    std::ostringstream said;
    census::progress shown(0, said);
    auto const plan = census::plan_census(model, corpus, {});
    for (auto&& layer : census::take_census(model, corpus, plan, shown))
      fired[i].insert(fired[i].end(), layer.census.liveness.firings.begin(), layer.census.liveness.firings.end());
    tokens[i] = shown.tokens();
  });
  CHECK(fired[0] == fired[1]);
  CHECK(fired[0].size() == 192);
  CHECK(tokens[0] == tokens[1]);
  CHECK(tokens[0] > 0);
}
