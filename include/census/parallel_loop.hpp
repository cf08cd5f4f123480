// SPDX-License-Identifier: MIT
#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_group.h>

#include <utility>

namespace census {

/// tbb::parallel_for, but that it does all of its work: where the group of tasks that it runs in is cancelled, or
/// another task of that group throws, tbb::parallel_for leaves out what has not begun, and returns as if it had done
/// it. Throws what the body throws. check_not_cancelled is what ends cancelled work, between loops.
template <class... Arguments>
void parallel_loop(Arguments&&... arguments) {
  tbb::task_group_context alone(tbb::task_group_context::isolated);
  tbb::parallel_for(std::forward<Arguments>(arguments)..., alone);
}

}  // namespace census
