// SPDX-License-Identifier: MIT
#include <census/cancelled.hpp>
#include <census/error.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/interrupts.hpp>
#include <census/survey/take_census.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>
#include <support/stored_results.hpp>
#include <support/temporary_folder.hpp>
#include <support/toy_model.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <iterator>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Where set, layer 0 takes its time, and layer 1 fails.
std::atomic<bool> fails_at_layer_1 = false;

float failing_rule(std::uint32_t layer, std::size_t neuron, std::span<census::token_id const> tokens,
                   std::size_t position) {
  if (fails_at_layer_1 && layer == 1) throw std::runtime_error("the machine is gone");
  if (fails_at_layer_1 && neuron == 0 && position == 0) std::this_thread::sleep_for(1ms);
  return tokens[position] == 3 + neuron + layer ? 1.f : -1.f;
}
elsewhere::toy_model model_that_may_fail() {
  return {{.layers = 4, .ffn_size = 32, .vocabulary_size = 40}, failing_rule};
}
elsewhere::toy_corpus corpus_of_snapshots() { return {60, 24, 40}; }

/// A number that grows, as a state that is stored.
struct counter {
  std::uint64_t count = 0, times_stored = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive("count", count);
  }
  void stored() { ++times_stored; }
};

/// What is stored only when the test lets it go on.
struct slow_state {
  std::promise<void> is_being_stored, may_go_on;
  std::uint64_t times_stored = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive("times_stored", times_stored);
    if (times_stored > 0) return;
    is_being_stored.set_value();
    may_go_on.get_future().wait();
  }
  void stored() { ++times_stored; }
};

/// Where results of layers cannot be written.
class snapshots_without_room : public census::census_snapshots {
 public:
  using census_snapshots::census_snapshots;
  void keep(census::layer_result const&) const { throw census::bad_input("a result", "no room"); }

  template <class State>
  void watch(State& state, std::mutex&) {
    take_now = [this, &state] { take(state); };
  }
  std::function<void()> take_now;
};

std::string refusal(census::snapshot_options const& options) {
  try {
    census::census_snapshots const snapshots(options);
  } catch (census::bad_input const& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a census of a model that cannot be taken up in a layer goes on after the layers that are finished") {
  auto const model = model_that_may_fail();
  auto const corpus = corpus_of_snapshots();
  auto const plan = census::plan_census(model, corpus, {.keep_tables = true});
  auto const expected = results_of(census::take_census(model, corpus, plan));
  for (std::size_t layers = 0; layers <= 4; ++layers) {
    temporary_folder const folder;
    {
      census::census_snapshots snapshots({.folder = folder / "unfinished"});
      auto run = census::take_census(model, corpus, plan, snapshots);
      auto layer = run.begin();
      for (std::size_t i = 0; i < layers; ++i, ++layer) CHECK(bytes_of(*layer) == expected[i]);
    }
    CHECK(fs::exists(folder / "unfinished") == (layers > 0));
    census::census_snapshots snapshots({.folder = folder / "unfinished", .resume = true});
    CHECK(snapshots.has_snapshot() == (layers > 0));
    CHECK((results_of(census::take_census(model, corpus, plan, snapshots)) == expected));
    snapshots.remove();
    CHECK(fs::is_empty(folder.path()));
  }
}

TEST_CASE("a snapshot on the way through layers that are finished forgets none of them") {
  auto const model = model_that_may_fail();
  auto const corpus = corpus_of_snapshots();
  auto const plan = census::plan_census(model, corpus, {.keep_tables = true});
  auto const expected = results_of(census::take_census(model, corpus, plan));
  temporary_folder const folder;
  {
    census::census_snapshots snapshots({.folder = folder / "unfinished"});
    auto run = census::take_census(model, corpus, plan, snapshots);
    auto layer = run.begin();
    for (std::size_t i = 0; i < 3; ++i) ++layer, *layer;
  }
  {
    census::census_snapshots snapshots({.folder = folder / "unfinished", .every = 1ms, .resume = true});
    fails_at_layer_1 = true;
    CHECK_THROWS_WITH(results_of(census::take_census(model, corpus, plan, snapshots)),
                      Catch::Contains("the machine is gone"));
    fails_at_layer_1 = false;
  }
  census::census_snapshots snapshots({.folder = folder / "unfinished", .resume = true});
  CHECK((results_of(census::take_census(model, corpus, plan, snapshots)) == expected));
}

TEST_CASE("a layer whose result cannot be kept is told once by a run that goes on from a snapshot after that") {
  auto const model = model_that_may_fail();
  auto const corpus = corpus_of_snapshots();
  auto const plan = census::plan_census(model, corpus, {.keep_tables = true});
  temporary_folder const folder;
  {
    snapshots_without_room snapshots({.folder = folder / "unfinished"});
    auto run = census::take_census(model, corpus, plan, snapshots);
    CHECK_THROWS_WITH(results_of(run), Catch::Contains("no room"));
    snapshots.take_now();  // as the watching thread may, until the run is gone
  }
  census::census_snapshots snapshots({.folder = folder / "unfinished", .resume = true});
  CHECK((results_of(census::take_census(model, corpus, plan, snapshots)) ==
         results_of(census::take_census(model, corpus, plan))));
}

TEST_CASE(
    "of a census whose group of tasks is cancelled, layers that are finished are whole, and nothing else is kept") {
  auto const model = model_that_may_fail();
  auto const corpus = corpus_of_snapshots();
  census::census_options options{.keep_tables = true};
  auto const expected = results_of(census::take_census(model, corpus, census::plan_census(model, corpus, options)));
  temporary_folder const folder;
  std::vector<stored_bytes> layers;
  bool is_told = false;
  census_test::in_group([&](auto const& cancel) {
    options.tell_step = [&](std::string const& step, std::optional<std::uint32_t> layer) {
      if (step == "statistics" && layer == 1u) cancel();
    };
    auto const plan = census::plan_census(model, corpus, options);
    census::census_snapshots snapshots({.folder = folder / "unfinished"});
    try {
      for (auto&& layer : census::take_census(model, corpus, plan, snapshots)) layers.push_back(bytes_of(layer));
    } catch (census::cancelled const&) {
      is_told = true;
    }
  });
  CHECK(is_told);
  CHECK((layers == std::vector(expected.begin(), expected.begin() + 2)));

  options.tell_step = nullptr;
  auto const plan = census::plan_census(model, corpus, options);
  CHECK(census_test::throws_in_cancelled_group<census::cancelled>([&] {
    census::census_snapshots snapshots({.folder = folder / "another"});
    results_of(census::take_census(model, corpus, plan, snapshots));
  }));
  CHECK_FALSE(fs::exists(folder / "another"));
  census::census_snapshots snapshots({.folder = folder / "unfinished", .resume = true});
  CHECK((results_of(census::take_census(model, corpus, plan, snapshots)) == expected));
}

TEST_CASE("an unfinished census is not begun anew by accident, nor gone on with as another one") {
  temporary_folder const folder;
  census::snapshot_options options{.folder = folder / "unfinished", .run = {{"model", "tiny"}, {"context", "128"}}};
  counter state;
  census::census_snapshots(options).take(state);
  CHECK(state.times_stored == 1);
  auto const place = options.folder.string() + ": ";
  auto const told = place + "holds an unfinished census; census take --resume goes on with it, and without this folder "
                            "a new one begins";
  CHECK(refusal(options) == told);
  CHECK_THROWS_WITH(census::census_snapshots::check_folder(options.folder, false), told);
  CHECK_THROWS_WITH(census::census_snapshots::refuse_unfinished(options.folder), told);
  CHECK_NOTHROW(census::census_snapshots::refuse_unfinished(folder / "not-there"));
  CHECK_NOTHROW(census::census_snapshots::check_folder(options.folder, true));
  CHECK_NOTHROW(census::census_snapshots::check_folder(folder / "not-there", false));
  folder.write("begun/snapshot-.safetensors", "");
  CHECK_NOTHROW(census::census_snapshots::check_folder(folder / "begun", false));
  for (bool const resume : {false, true}) {
    folder.write("another/layer-0.safetensors", "");
    CHECK_THROWS_WITH(census::census_snapshots::check_folder(folder / "another", resume),
                      Catch::Contains("another/layer-0.safetensors: is in the way"));
    folder.write("file", "");
    CHECK_THROWS_WITH(census::census_snapshots::check_folder(folder / "file", resume),
                      Catch::Contains("file: is in the way: it is no folder"));
  }
  options.resume = true;
  CHECK(refusal(options).empty());
  auto other = options;
  other.run[1].second = "256";
  CHECK(refusal(other) == place + "the unfinished census has another context: it was begun with 128, and would be "
                                  "resumed with 256");
  other.run.pop_back();
  CHECK(refusal(other) == place + "the unfinished census has another context: it was begun with 128, and would be "
                                  "resumed without it");
  other.run = options.run, other.run.emplace_back("split", "blank-lines");
  CHECK(refusal(other).find("another split: it was begun without it") != std::string::npos);
}

TEST_CASE("the last snapshot is restored, an earlier one goes when it is there, and what a killed run began goes") {
  temporary_folder const folder;
  census::snapshot_options const options{.folder = folder.path() / "unfinished", .resume = true};
  {
    census::census_snapshots snapshots(options);
    counter state;
    for (state.count = 10; state.count < 13; ++state.count) snapshots.take(state);
  }
  folder.write("unfinished/.snapshot-4.safetensors.0123456789abcdef.part", "half of a snapshot");
  folder.write("unfinished/notes.txt", "a person's own");
  census::census_snapshots snapshots(options);
  CHECK_FALSE(fs::exists(options.folder / ".snapshot-4.safetensors.0123456789abcdef.part"));
  counter state;
  snapshots.restore(state);
  CHECK(state.count == 12);
  CHECK(fs::exists(options.folder / "snapshot-3.safetensors"));
  CHECK_FALSE(fs::exists(options.folder / "snapshot-2.safetensors"));
  snapshots.remove();
  CHECK(fs::exists(options.folder / "notes.txt"));
  CHECK(std::distance(fs::directory_iterator(options.folder), fs::directory_iterator()) == 1);
}

TEST_CASE("files that are only named much like those of an unfinished census stay") {
  temporary_folder const folder;
  census::snapshot_options const options{.folder = folder.path() / "unfinished", .resume = true};
  std::vector<std::string> const names{".snapshot-1.safetensors.part",
                                       ".x.0123456789abcdef.part",
                                       "layer-1.safetensors.old",
                                       "layer-notes.txt",
                                       "residuals-007.bin",
                                       "residuals-of-last-year.bin",
                                       "snapshot-.safetensors",
                                       "snapshot-final.safetensors",
                                       "state-of-art.md",
                                       "state-of-rank-.safetensors"};
  for (auto const& name : names) folder.write("unfinished/" + name, "a person's own");
  {
    census::census_snapshots snapshots(options);
    counter state;
    snapshots.take(state);
    folder.write("unfinished/state-of-rank-1.safetensors", "half of what a rank sent");
    snapshots.remove();
  }
  std::vector<std::string> left;
  for (auto const& entry : fs::directory_iterator(options.folder)) left.push_back(entry.path().filename());
  std::ranges::sort(left);
  CHECK(left == names);
}

TEST_CASE("a file that no census wrote is neither replaced nor removed where an unfinished census would have its own") {
  for (std::string const name :
       {"run.safetensors", "layer-3.safetensors", "snapshot-1.safetensors", "state-text.safetensors"})
    for (bool const resume : {false, true}) {
      temporary_folder const folder;
      auto const path = folder.write("unfinished/" + name, "a person's own");
      auto const told = refusal({.folder = folder.path() / "unfinished", .resume = resume});
      CAPTURE(name, resume, told);
      CHECK(told.starts_with(folder / "unfinished"));
      CHECK(fs::file_size(path) == 14);
      CHECK(std::distance(fs::directory_iterator(folder.path() / "unfinished"), fs::directory_iterator()) == 1);
    }
  temporary_folder const folder;
  auto const path = folder.write("unfinished/layer-3.safetensors", "a person's own");
  CHECK(refusal({.folder = folder.path() / "unfinished"}) ==
        path + ": is in the way, and no run.safetensors beside it says that a census wrote it; nothing is replaced");
}

TEST_CASE("a snapshot of something else, of another format or cut short is refused by name") {
  temporary_folder const folder;
  census::snapshot_options const options{.folder = folder.path() / "unfinished", .resume = true};
  counter state;
  census::census_snapshots(options).take(state);
  auto const path = options.folder / "snapshot-1.safetensors";
  fs::resize_file(path, fs::file_size(path) - 4);
  census::census_snapshots const snapshots(options);
  CHECK_THROWS_WITH(snapshots.restore(state), Catch::StartsWith(path.string() + ": "));
  census::write_state(path, "a shopping list", state);
  CHECK_THROWS_WITH(snapshots.restore(state), path.string() + ": holds a shopping list, not a census in progress");
}

TEST_CASE("snapshots are taken from time to time while nobody is in a step, and when a signal comes") {
  temporary_folder const folder;
  std::promise<std::pair<int, std::string>> interrupted;
  census::census_snapshots snapshots(
      {.folder = folder / "unfinished", .every = 1ms, .when_interrupted = [&](int signal, std::string const& problem) {
         interrupted.set_value({signal, problem});
       }});
  counter state;
  std::mutex step;
  std::unique_lock in_step(step);
  snapshots.watch(state, step);
  std::this_thread::sleep_for(20ms);
  CHECK(state.times_stored == 0);
  in_step.unlock();
  for (int i = 0; i < 10000 && !snapshots.has_snapshot(); ++i) std::this_thread::sleep_for(1ms);
  std::raise(SIGTERM);
  auto told = interrupted.get_future();
  REQUIRE(told.wait_for(10s) == std::future_status::ready);
  CHECK(told.get() == std::pair(int{SIGTERM}, std::string()));
  snapshots.stop();
  CHECK(state.times_stored > 0);
}

TEST_CASE("a signal that comes while the last snapshot is written, and the census ends, is not lost") {
  temporary_folder const folder;
  census::interrupts const before;  // what signals do when nobody watches
  std::atomic<int> interrupted = 0;
  census::census_snapshots snapshots(
      {.folder = folder / "unfinished", .every = 1ms, .when_interrupted = [&](int, auto const&) { ++interrupted; }});
  slow_state state;
  std::mutex step;
  snapshots.watch(state, step);
  REQUIRE(state.is_being_stored.get_future().wait_for(10s) == std::future_status::ready);
  std::raise(SIGTERM);
  auto stopping = std::async(std::launch::async, [&] { snapshots.stop(); });
  std::this_thread::sleep_for(50ms);
  state.may_go_on.set_value();
  stopping.get();
  CHECK(interrupted + (before.wait(1s) == std::optional<int>(SIGTERM) ? 1 : 0) == 1);
}

TEST_CASE("a run that fails in the middle of a step ends, and what it did by half is not stored") {
  temporary_folder const folder;
  census::census_snapshots snapshots({.folder = folder / "unfinished", .every = 1ms});
  counter state;
  std::mutex step;
  std::unique_lock in_step(step);  // by who fails, and calls stop() on its way out
  snapshots.watch(state, step);
  std::this_thread::sleep_for(20ms);
  auto stopping = std::async(std::launch::async, [&] { snapshots.stop(); });
  CHECK(stopping.wait_for(10s) == std::future_status::ready);
  in_step.unlock();
  stopping.wait();
  CHECK(state.times_stored == 0);
}

TEST_CASE("where a snapshot cannot be written, the next block ends the run and says why, and signals are still heard") {
  temporary_folder const folder;
  std::promise<std::pair<int, std::string>> interrupted;
  census::census_snapshots snapshots(
      {.folder = folder / "unfinished", .every = 1ms, .when_interrupted = [&](int signal, std::string const& cause) {
         interrupted.set_value({signal, cause});
       }});
  fs::remove_all(folder / "unfinished");
  counter state;
  std::mutex step;
  snapshots.watch(state, step);
  auto const text = census::share({{1}, {{.length = 1}}});
  census::block const block(0, text, census::packed_firings(std::make_shared<std::uint64_t[]>(1), 1, 1));
  std::string problem;
  for (int i = 0; i < 10000 && problem.empty(); ++i) {
    try {
      snapshots.observe(block);
    } catch (census::bad_input const& error) {
      problem = error.what();
    }
    std::this_thread::sleep_for(1ms);
  }
  CHECK(problem == (folder / "unfinished/snapshot-1.safetensors") + ": cannot be written: No such file or directory");
  std::raise(SIGINT);
  auto told = interrupted.get_future();
  REQUIRE(told.wait_for(10s) == std::future_status::ready);
  CHECK(told.get() == std::pair(int{SIGINT}, problem));
}
