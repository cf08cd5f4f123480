// SPDX-License-Identifier: MIT
// What several ranks of `census take` do together, beside what each does alone.
#pragma once

#include <census/activation/dealt_texts.hpp>
#include <census/archive/own_files.hpp>
#include <census/report/census_folder.hpp>
#include <census/survey/census_corpus.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/plan_census.hpp>
#include <census/survey/rank_agreement.hpp>
#include <census/survey/state_exchange.hpp>

#include "ranks.hpp"
#include "settings.hpp"

#include <tbb/info.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// Where a census that is not finished lies; each rank has a folder of its own.
inline std::filesystem::path unfinished_folder(take_settings const& asked) {
  auto const folder = std::filesystem::path(asked.out) / "unfinished";
  return is_first_rank() ? folder : folder / ("rank-" + std::to_string(other_ranks()->rank()));
}

/// Holds the folder that receives the results, before anything large is read; nothing on a rank that has no results.
/// Throws bad_input where ranks are told different folders, where one holds an unfinished census that is not to be
/// resumed, or what is in the way of one, and as census_folder::hold does.
inline std::unique_ptr<census::own_files> hold_results(take_settings const& asked) {
  if (auto const& port = other_ranks())
    on_all_ranks([&] { census::check_same_on_ranks(*port, {{"--out", asked.out}}); });
  std::unique_ptr<census::own_files> held;
  on_all_ranks([&] {
    if (is_first_rank()) held = census::census_folder::hold(asked.out);
    census::census_snapshots::check_folder(unfinished_folder(asked), asked.resume);
  });
  return held;
}

/// How the ranks put the census together; null where there is one.
inline std::shared_ptr<census::state_exchange> exchange_of_ranks(take_settings const& asked) {
  if (other_ranks() == nullptr) return nullptr;
  return std::make_shared<census::state_exchange>(other_ranks(), unfinished_folder(asked));
}

/// Threads of each rank, unless told: the processors that it is bound to, or its share of the machine's.
inline std::size_t threads_of_rank() {
  auto const usable = static_cast<std::size_t>(tbb::info::default_concurrency());
  bool const is_bound = usable < std::thread::hardware_concurrency();
  return is_bound ? usable : std::max<std::size_t>(usable / ranks_on_this_machine(), 1);
}

/// The tokens that go through the model on this rank.
template <census::census_corpus Corpus>
std::uint64_t tokens_here(Corpus const& corpus, census::census_plan const& plan) {
  auto const& ranks = plan.options.ranks;
  if (ranks == nullptr) return corpus.tokens();
  auto const texts = census::dealt_texts(corpus.texts(plan.rows_per_block), ranks->rank(), ranks->ranks());
  std::uint64_t tokens = 0;
  for (std::size_t const rows : texts.rows()) tokens += rows;
  return tokens;
}

/// Makes sure that the ranks take the same census, and cut its texts alike.
inline void agree_with_ranks(std::vector<std::pair<std::string, std::string>> const& identity,
                             census::census_plan& plan) {
  if (auto const& port = other_ranks()) {
    plan.rows_per_block = census::least_of_ranks(*port, plan.rows_per_block);
    on_all_ranks([&] { census::check_same_on_ranks(*port, identity); });
  }
}
