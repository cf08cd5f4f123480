// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/state_exchange.hpp>
#include <census/survey/take_census.hpp>

#include <support/catch.hpp>
#include <support/stored_results.hpp>
#include <support/temporary_folder.hpp>
#include <support/thread_ranks.hpp>
#include <support/toy_model.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

/// Where a rank fails, as a machine does that is gone: at a layer's first block, or rank 0 when it has all of it.
struct failure {
  std::size_t rank = 0;
  std::uint32_t layer = 0;
  bool when_gathered = false;
};

elsewhere::toy_model model_of_rank(std::size_t rank = 0, std::optional<failure> fails = {}) {
  auto const rule = [=](std::uint32_t layer, std::size_t neuron, std::span<census::token_id const> tokens,
                        std::size_t position) {
    if (fails && !fails->when_gathered && fails->rank == rank && fails->layer == layer)
      throw std::runtime_error("the machine is gone");
    return tokens[position] == 3 + neuron + layer ? 1.f : tokens[position] > 30 ? -.5f : -1e-9f;
  };
  return {{.layers = 4, .ffn_size = 32, .vocabulary_size = 40}, rule};
}
elsewhere::toy_corpus shared_corpus() { return {60, 24, 40}; }

census::census_options const of_ranks{.pre_activations = true, .keep_tables = true};
constexpr std::size_t rows_of_text = 100;  // so that there are many texts

std::vector<stored_bytes> taken_by_one() {
  auto plan = census::plan_census(model_of_rank(), shared_corpus(), of_ranks);
  plan.rows_per_block = rows_of_text;
  return results_of(census::take_census(model_of_rank(), shared_corpus(), plan));
}

std::filesystem::path folder_of(temporary_folder const& folder, std::size_t rank) {
  return folder / ("rank-" + std::to_string(rank));
}

/// What one rank does of a census; its results.
std::vector<stored_bytes> take_as_rank(std::shared_ptr<census::rank_port> const& port, temporary_folder const& folder,
                                       std::optional<failure> fails = {}, bool resume = false) {
  auto const here = folder_of(folder, port->rank());
  auto const model = model_of_rank(port->rank(), fails);
  auto ranks = std::make_shared<census::state_exchange>(port, here);
  auto options = of_ranks;
  options.ranks = ranks, options.folder = folder.path();
  if (fails && fails->when_gathered)
    options.keep_state = [=](std::uint32_t layer, census::stored_state const&) {
      if (layer == fails->layer) throw std::runtime_error("the machine is gone");
    };
  auto plan = census::plan_census(model, shared_corpus(), options);
  plan.rows_per_block = rows_of_text;
  census::census_snapshots snapshots({.folder = here, .resume = resume});
  auto all = results_of(census::take_census(model, shared_corpus(), plan, snapshots));
  ranks->finish();
  snapshots.remove();
  return all;
}

/// The results of rank 0.
std::vector<stored_bytes> taken_by(std::size_t ranks, temporary_folder const& folder, std::optional<failure> fails = {},
                                   bool resume = false) {
  std::vector<stored_bytes> of_first;
  std::size_t others_with_results = 0;
  thread_ranks(ranks).run([&](auto const& port) {
    auto all = take_as_rank(port, folder, fails, resume);
    if (port->rank() == 0)
      of_first = std::move(all);
    else if (all.size() > 1)
      ++others_with_results;
  });
  CHECK(others_with_results == 0);
  return of_first;
}

}  // namespace

TEST_CASE("a census that several ranks take is that of one, and nothing of theirs stays") {
  auto const expected = taken_by_one();
  for (std::size_t ranks : {1, 2, 3, 7, 25}) {  // of the last, some have no text
    CAPTURE(ranks);
    temporary_folder const folder;
    CHECK((taken_by(ranks, folder) == expected));
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("without snapshots, no state is left behind either") {
  temporary_folder const folder;
  thread_ranks(3).run([&](auto const& port) {
    auto const here = folder_of(folder, port->rank());
    auto ranks = std::make_shared<census::state_exchange>(port, here);
    census::census_options options{.longest_ngram = 1, .folder = folder.path()};
    options.ranks = ranks;
    auto plan = census::plan_census(model_of_rank(), shared_corpus(), options);
    plan.rows_per_block = rows_of_text;
    results_of(census::take_census(model_of_rank(), shared_corpus(), plan));
    ranks->finish();
  });
  for (std::size_t const rank : {0, 1, 2}) CHECK(std::filesystem::is_empty(folder_of(folder, rank)));
}

TEST_CASE("an exchange without a state leaves no folder, for a census that is refused before it begins") {
  temporary_folder const folder;
  thread_ranks(2).run(
      [&](auto const& port) { census::state_exchange(port, folder_of(folder, port->rank())).finish(); });
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("whichever rank is killed in whichever layer, the census goes on to the same results") {
  auto const expected = taken_by_one();
  std::vector<failure> failures;
  for (std::uint32_t const layer : {0, 1, 3}) {
    for (std::size_t const rank : {0, 1, 2, 5}) failures.push_back({rank, layer});
    failures.push_back({0, layer, true});  // the others are in the next layer then
  }
  for (auto const& [rank, layer, when_gathered] : failures) {
    CAPTURE(rank, layer, when_gathered);
    temporary_folder const folder;
    CHECK_THROWS_WITH(taken_by(6, folder, failure{rank, layer, when_gathered}), Catch::Contains("the machine is gone"));
    CHECK((taken_by(6, folder, std::nullopt, true) == expected));
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("a rank that lost what it kept begins anew, and one that is ahead gives what it kept") {
  auto const expected = taken_by_one();
  for (std::size_t const lost : {0, 1, 2}) {
    CAPTURE(lost);
    temporary_folder const folder;
    CHECK_THROWS_WITH(taken_by(3, folder, failure{2, 2}), Catch::Contains("the machine is gone"));
    if (lost > 0) {
      std::filesystem::remove_all(folder_of(folder, lost));
      CHECK((taken_by(3, folder, std::nullopt, true) == expected));
      continue;
    }
    std::filesystem::remove_all(folder_of(folder, 0));  // and the others no longer have the states of its first layers
    CHECK_THROWS_WITH(taken_by(3, folder, std::nullopt, true),
                      Catch::Contains("holds no state of layer 0, which rank 0 asks for: it is of another run"));
  }
}

TEST_CASE("a state that is cut short on its way is refused by its name") {
  temporary_folder const folder;
  std::string refused;
  thread_ranks ranks(2);
  try {
    ranks.run([&](auto const& port) {
      if (port->rank() == 0) return void(take_as_rank(port, folder));
      port->receive(0);  // the layer that is asked for
      bool const one_follows = true;
      std::uint64_t const size = 3;
      port->send(0, std::as_bytes(std::span(&one_follows, 1)));
      port->send(0, std::as_bytes(std::span(&size, 1)));
      port->send(0, std::as_bytes(std::span("abc", 3)));
    });
  } catch (census::bad_input const& error) {
    refused = error.what();
  }
  CHECK_THAT(refused, Catch::Contains("state-of-rank-1.safetensors: "));
}
