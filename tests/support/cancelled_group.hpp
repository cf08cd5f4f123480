// SPDX-License-Identifier: MIT
// What oneTBB makes of a group of tasks that is cancelled while one of them runs.
#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_group.h>

namespace census_test {

/// Calls work(cancel) in a task of a group, which cancel() cancels. What it throws after that is lost, as oneTBB has
/// it.
template <class Work>
void in_group(Work const& work) {
  tbb::task_group_context group;
  tbb::parallel_for(
      0, 1, [&](int) { work([&] { group.cancel_group_execution(); }); }, group);
}

/// Calls work() in a task of a group that has been cancelled.
template <class Work>
void in_cancelled_group(Work const& work) {
  in_group([&](auto const& cancel) { cancel(), work(); });
}

/// Whether work() throws an Error there.
template <class Error, class Work>
bool throws_in_cancelled_group(Work const& work) {
  bool thrown = false;
  in_cancelled_group([&] {
    try {
      work();
    } catch (Error const&) {
      thrown = true;
    }
  });
  return thrown;
}

}  // namespace census_test
