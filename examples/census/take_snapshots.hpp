// SPDX-License-Identifier: MIT
// What `census take` keeps on the disk while it runs, so that it can be gone on with.
#pragma once

#include <census/printable.hpp>
#include <census/report/run_identity.hpp>
#include <census/survey/census_snapshots.hpp>
#include <census/survey/plan_census.hpp>

#include "end_at_signal.hpp"
#include "settings.hpp"
#include "take_ranks.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>

inline census::snapshot_options snapshots_of(census::run_record const& run, census::census_plan const& plan,
                                             take_settings const& asked) {
  auto const folder = unfinished_folder(asked);
  auto identity = census::run_identity(run);
  if (auto const& port = other_ranks())
    identity.emplace_back("rank", std::to_string(port->rank()) + " of " + std::to_string(port->ranks()));
  identity.emplace_back(run.devices.empty() ? "size of a block, which follows from --memory, --threads and --context"
                                            : "size of a block, which follows from --memory, --threads, --context and "
                                              "--device-memory (where that is not told, what is free)",
                        std::to_string(plan.rows_per_block) + " tokens");
  identity.emplace_back("--keep-tables", asked.keep_tables ? "yes" : "no");
  identity.emplace_back("--keep-state", asked.keep_state ? "yes" : "no");
  auto const end = [folder](int signal, std::string const& problem) {
    if (!problem.empty()) let_rank_speak();
    std::cerr << "\ncensus take: interrupted; "
              << (problem.empty()
                      ? "a snapshot lies in " + census::printable(folder.string())
                      : "no snapshot could be taken (" + problem + "), and there is only what was taken before")
              << ". To go on, give the same command with --resume\n"
              << std::flush;
    end_for(signal);
  };
  return {.folder = folder,
          .every = std::chrono::milliseconds(static_cast<long long>(1000 * asked.snapshot_every)),
          .run = std::move(identity),
          .resume = asked.resume,
          .when_interrupted = end};
}

inline void tell_of_resuming(census::census_snapshots const& snapshots, take_settings const& asked) {
  if (asked.resume)
    std::cerr << (snapshots.has_snapshot() ? "resuming from the snapshot in "
                                           : "nothing to resume, so the census begins anew: no snapshot in ")
              << census::printable(snapshots.folder().string()) << '\n';
}

/// The census is done, on all ranks; the first removes its folder last, for those of the others lie in it.
inline void remove_unfinished(census::census_snapshots& snapshots) {
  if (!is_first_rank()) {
    snapshots.remove();
    std::error_code not_empty;  // where the ranks share it
    std::filesystem::remove(snapshots.folder().parent_path(), not_empty);
  }
  on_all_ranks([] {});
  if (is_first_rank()) snapshots.remove();
}
