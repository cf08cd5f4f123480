// SPDX-License-Identifier: MIT
#include <census/cancelled.hpp>

#include <support/cancelled_group.hpp>
#include <support/catch.hpp>

#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <stdexcept>

TEST_CASE("work that was cancelled with its group of tasks is told, other work is not") {
  CHECK_NOTHROW(census::check_not_cancelled());
  census_test::in_group([](auto const&) { census::check_not_cancelled(); });
  CHECK(census_test::throws_in_cancelled_group<census::cancelled>(census::check_not_cancelled));
  CHECK_NOTHROW(census::check_not_cancelled());
}

TEST_CASE("where another task of a group throws, its exception arrives and not that the others were cancelled") {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, 2);  // whatever the machine has
  tbb::task_arena arena(2);
  tbb::task_group group;
  auto const both = [&] {
    group.run([] { throw std::out_of_range("sibling"); });
    group.run_and_wait([] {
      while (!tbb::is_current_task_group_canceling()) {
      }
      census::check_not_cancelled();
    });
  };
  CHECK_THROWS_AS(arena.execute(both), std::out_of_range);
}
