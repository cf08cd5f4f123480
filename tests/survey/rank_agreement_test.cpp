// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/survey/rank_agreement.hpp>

#include <support/catch.hpp>
#include <support/thread_ranks.hpp>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using told_of_run = std::vector<std::pair<std::string, std::string>>;

/// What a rank is refused for, where the second of three tells this and the others tell `alike`.
std::string refusal_of_rank_1(told_of_run const& alike, told_of_run const& of_rank_1) {
  std::string refused;
  thread_ranks(3).run([&](auto const& port) {
    try {
      census::check_same_on_ranks(*port, port->rank() == 1 ? of_rank_1 : alike);
    } catch (census::bad_input const& error) {
      if (port->rank() == 1) refused = error.what();
    }
  });
  return refused;
}

}  // namespace

TEST_CASE("ranks know what each of them told") {
  std::atomic<int> alike = 0;
  thread_ranks(4).run([&](auto const& port) {
    auto const own = "rank " + std::to_string(port->rank());
    if (census::all_gather(*port, own) == std::vector<std::string>{"rank 0", "rank 1", "rank 2", "rank 3"}) ++alike;
  });
  CHECK(alike == 4);
}

TEST_CASE("ranks agree on the least of a number, and on which of them failed first") {
  std::atomic<int> least = 0, failed = 0, none = 0;
  thread_ranks(3).run([&](auto const& port) {
    if (census::least_of_ranks(*port, 100 - 7 * port->rank()) == 86) ++least;
    if (census::first_failed_rank(*port, port->rank() > 0) == std::optional<std::size_t>(1)) ++failed;
    if (!census::first_failed_rank(*port, false)) ++none;
  });
  CHECK(least == 3);
  CHECK(failed == 3);
  CHECK(none == 3);
}

TEST_CASE("a rank that would take another census than rank 0 is refused with what differs") {
  told_of_run const run{{"model", "tiny"}, {"context", "128"}};
  CHECK(refusal_of_rank_1(run, run).empty());
  CHECK(refusal_of_rank_1(run, {{"model", "tiny"}, {"context", "256"}}) ==
        "rank 1: has another context than rank 0: 256, not 128");
  CHECK(refusal_of_rank_1(run, {{"model", "tiny"}}) == "rank 1: has not what rank 0 has: context");
  CHECK(refusal_of_rank_1({{"model", "tiny"}}, run) == "rank 1: has context, which rank 0 has not");
}
