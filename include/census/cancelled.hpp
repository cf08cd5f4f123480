// SPDX-License-Identifier: MIT
#pragma once

#include <tbb/task_group.h>

#include <stdexcept>

namespace census {

/// The group of oneTBB's tasks that some work ran in was cancelled, or another of its tasks threw.
class cancelled : public std::runtime_error {
 public:
  cancelled() : std::runtime_error("census: cancelled, with the group of tasks that it ran in") {}
};

/// Throws cancelled where the task that calls it was cancelled with its group. Called between steps of long work, where
/// none is done by half; parallel loops themselves end whole (parallel_loop).
inline void check_not_cancelled() {
  if (tbb::is_current_task_group_canceling()) throw cancelled();
}

}  // namespace census
