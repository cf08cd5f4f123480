// SPDX-License-Identifier: MIT
// A census of a model that is taken up in the middle of a layer, interrupted at moments that no clock finds.
#include <census/error.hpp>
#include <census/model/check_input.hpp>
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/pre_activation_ranges.hpp>
#include <census/model/token_text.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/take_census.hpp>

#include <model/small_model.hpp>
#include <support/catch.hpp>
#include <support/stored_results.hpp>
#include <support/temporary_folder.hpp>
#include <support/toy_model.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ios>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

/// When a run is interrupted: once so many blocks of a layer were looked at. 0: as soon as it is watched.
struct moment {
  std::uint32_t layer = 0;
  std::size_t blocks = 0;
};

/// Takes one snapshot, at a moment that is chosen, and ends the run there, as a kill would.
class interrupting_snapshots : public census::census_snapshots {
 public:
  interrupting_snapshots(std::filesystem::path folder, moment when)
      : census_snapshots({.folder = std::move(folder), .resume = true}), when_(when) {}

  template <class State>
  void watch(State& state, std::mutex&) {
    interrupt_ = [this, &state] {
      take(state);
      throw std::runtime_error("interrupted by the test");
    };
    if (when_.blocks == 0) interrupt_();
  }

  template <census::activation_block B>
  void observe(B const& block) {
    if (block.layer() == when_.layer && ++blocks_seen_ == when_.blocks) interrupt_();
  }

 private:
  moment when_;
  std::size_t blocks_seen_ = 0;
  std::function<void()> interrupt_;
};

/// Fails at a block of layer 2, which others have observed, when a snapshot has been due for a while.
struct failing_observer {
  std::size_t blocks_seen = 0;

  template <census::activation_block B>
  void observe(B const& block) {
    if (block.layer() < 2 || ++blocks_seen < 4) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    throw std::runtime_error("the observer has failed");
  }
};

/// Changes a number of a stored state where it lies.
template <class Number>
void change(std::filesystem::path const& state, std::string const& name, Number to) {
  std::fstream file(state, std::ios::in | std::ios::out | std::ios::binary);
  std::uint64_t size = 0;
  file.read(reinterpret_cast<char*>(&size), sizeof size);
  std::string header(size, ' ');
  file.read(header.data(), static_cast<std::streamsize>(size));
  auto const offsets = nlohmann::json::parse(header).at(name).at("data_offsets");
  REQUIRE(offsets.at(1).get<std::size_t>() - offsets.at(0).get<std::size_t>() == sizeof to);
  file.seekp(static_cast<std::streamoff>(sizeof size + size + offsets.at(0).get<std::size_t>()));
  file.write(reinterpret_cast<char const*>(&to), sizeof to);
}

/// A census of layers 2 and 3, with 0 and 1 on the way.
class census_in_a_folder {
 public:
  std::filesystem::path folder() const { return folder_.path() / "unfinished"; }

  std::vector<stored_bytes> uninterrupted() const { return results_of(census::take_census(model_, corpus_, plan_)); }

  template <class Snapshots, class... Observers>
  std::vector<stored_bytes> taken_with(Snapshots& snapshots, Observers&... observers) const {
    return results_of(census::take_census(model_, corpus_, plan_, snapshots, observers...));
  }
  void interrupted_at(moment when) const {
    interrupting_snapshots snapshots(folder(), when);
    CHECK_THROWS_WITH(taken_with(snapshots), Catch::Contains("interrupted by the test"));
  }
  void resumed_on(elsewhere::toy_corpus const& corpus) const {
    census::census_snapshots snapshots({.folder = folder(), .resume = true});
    results_of(census::take_census(model_, corpus, plan_, snapshots));
  }
  std::vector<stored_bytes> resumed() const {
    census::census_snapshots snapshots({.folder = folder(), .resume = true});
    return taken_with(snapshots);
  }

 private:
  temporary_folder folder_;
  census::model model_ = small_model({.layers = 4});
  elsewhere::toy_corpus corpus_{12, 16, 50};
  census::census_plan plan_ = census::plan_census(model_, corpus_, {.first_layer = 2, .keep_tables = true});
};

}  // namespace

TEST_CASE("a census that is interrupted again as soon as it was restored takes no text through a layer twice") {
  census_in_a_folder const of;
  of.interrupted_at({.layer = 1, .blocks = 5});
  of.interrupted_at({});
  CHECK((of.resumed() == of.uninterrupted()));
}

TEST_CASE("a census that fails at a block ends although a snapshot is due, and goes on without what was done by half") {
  census_in_a_folder const of;
  {
    census::census_snapshots snapshots({.folder = of.folder(), .every = std::chrono::milliseconds(1)});
    failing_observer observer;
    CHECK_THROWS_WITH(of.taken_with(snapshots, observer), Catch::Contains("the observer has failed"));
  }
  CHECK((of.resumed() == of.uninterrupted()));
}

TEST_CASE("a snapshot that was changed is refused by name, whatever it says of where the census is") {
  census_in_a_folder const of;
  of.interrupted_at({.layer = 1, .blocks = 5});
  auto const snapshot = of.folder() / "snapshot-1.safetensors";
  auto const refused = [&](std::string const& cause) {
    CHECK_THROWS_WITH(of.resumed(), Catch::StartsWith(snapshot.string() + ": ") && Catch::Contains(cause));
  };
  change(snapshot, "texts_done", std::uint64_t{1'000'000'000});
  refused("1000000000 texts done, where there are 4 layers and 12 texts");
  change(snapshot, "texts_done", std::uint64_t{5});
  change(snapshot, "layer", std::uint64_t{5});
  refused("a census of layers 2:4 that goes on with layer 5");
  change(snapshot, "layer", std::uint64_t{1});
  change(snapshot, "has_state", std::uint8_t{1});
  refused("a census of layers 2:4 that goes on in layer 1");
  change(snapshot, "has_state", std::uint8_t{0});
  CHECK((of.resumed() == of.uninterrupted()));
}

TEST_CASE("a snapshot of a layer that another text went through in part is refused by name") {
  census_in_a_folder const of;
  of.interrupted_at({.layer = 2, .blocks = 5});
  CHECK_THROWS_WITH(of.resumed_on({12, 16, 49}), (of.folder() / "snapshot-1.safetensors: ").string() +
                                                     "what was observed of layer 2 is of another text");
}
