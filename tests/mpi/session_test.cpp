// SPDX-License-Identifier: MIT
// Run by mpirun as three ranks: each runs every test.
#include <census/mpi/session.hpp>
#include <census/survey/rank_agreement.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

/// MPI can be begun once in a process.
census::mpi::session& all_ranks() {
  static census::mpi::session one;
  return one;
}

std::vector<std::byte> a_message(std::size_t size, std::size_t from) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((i * 7 + from) % 251);
  return bytes;
}

}  // namespace

TEST_CASE("mpirun tells that it started a process, and how many") {
  REQUIRE(census::mpi::is_launched());
  CHECK(all_ranks().ranks() == 3);
  CHECK(all_ranks().rank() < 3);
  CHECK(all_ranks().ranks_here() == 3);
}

TEST_CASE("messages arrive whole and in order, empty and large ones, from whichever rank is asked") {
  auto& port = all_ranks();
  std::vector<std::size_t> const sizes{0, 1, 3, 4096, 1 << 20, 30 << 20, 0, 2};
  std::size_t const next = (port.rank() + 1) % port.ranks();
  if (port.rank() == 0) {
    for (std::size_t from = port.ranks() - 1; from > 0; --from)
      for (std::size_t const size : sizes) CHECK((port.receive(from) == a_message(size, from)));
    for (std::size_t const size : sizes) port.send(next, a_message(size, 0));
  } else {
    for (std::size_t const size : sizes) port.send(0, a_message(size, port.rank()));
    if (port.rank() == 1)
      for (std::size_t const size : sizes) CHECK((port.receive(0) == a_message(size, 0)));
  }
}

TEST_CASE("ranks know what each of them told, over MPI") {
  CHECK(census::all_gather(all_ranks(), "rank " + std::to_string(all_ranks().rank())) ==
        std::vector<std::string>{"rank 0", "rank 1", "rank 2"});
}

TEST_CASE("a rank that waits leaves the processor to others") {
  auto& port = all_ranks();
  if (port.rank() > 0) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    port.send(0, {});
    return;
  }
  std::clock_t const before = std::clock();
  port.receive(1), port.receive(2);
  CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < .5);
}
