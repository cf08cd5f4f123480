// SPDX-License-Identifier: MIT
#pragma once

#include <census/survey/rank_port.hpp>

#define OMPI_SKIP_MPICXX  // MPI's C functions alone
#define MPICH_SKIP_MPICXX
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace census::mpi {

/// Whether mpirun, or srun with an MPI, has started this process as one of several, or as the only one.
inline bool is_launched() {
  for (char const* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

/// MPI, from here on until the object goes: all processes that mpirun started, as ranks. There is one in a process, and
/// one thread calls it. What waits sleeps in between, for MPI's own waiting takes a whole processor.
///
///     auto session = std::make_shared<census::mpi::session>();
///     options.ranks = std::make_shared<census::state_exchange>(session, folder);
class session : public rank_port {
 public:
  session() {
    int provided = 0;
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    int rank = 0, ranks = 1;
    check(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "MPI_Comm_rank");
    check(MPI_Comm_size(MPI_COMM_WORLD, &ranks), "MPI_Comm_size");
    rank_ = static_cast<std::size_t>(rank), ranks_ = static_cast<std::size_t>(ranks);
    MPI_Comm here = MPI_COMM_NULL;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here), "MPI_Comm_split_type");
    int ranks_here = 1;
    check(MPI_Comm_size(here, &ranks_here), "MPI_Comm_size");
    check(MPI_Comm_free(&here), "MPI_Comm_free");
    ranks_here_ = static_cast<std::size_t>(ranks_here);
  }
  session(session const&) = delete;
  session& operator=(session const&) = delete;
  ~session() override { MPI_Finalize(); }

  std::size_t rank() const override { return rank_; }
  std::size_t ranks() const override { return ranks_; }

  /// Ranks on this machine, this one included.
  std::size_t ranks_here() const { return ranks_here_; }

  /// Throws std::length_error where a message has 2 GiB or more.
  void send(std::size_t to, std::span<std::byte const> message) override {
    if (message.size() > std::size_t{std::numeric_limits<int>::max()})
      throw std::length_error("census::mpi::session: a message of 2 GiB or more");
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Isend(message.data(), static_cast<int>(message.size()), MPI_BYTE, static_cast<int>(to), tag,
                    MPI_COMM_WORLD, &request),
          "MPI_Isend");
    sleep_until([&](int& done) { return MPI_Test(&request, &done, MPI_STATUS_IGNORE); }, "MPI_Test");
  }

  std::vector<std::byte> receive(std::size_t from) override {
    MPI_Message waiting = MPI_MESSAGE_NULL;
    MPI_Status status;
    sleep_until(
        [&](int& there) { return MPI_Improbe(static_cast<int>(from), tag, MPI_COMM_WORLD, &there, &waiting, &status); },
        "MPI_Improbe");
    int size = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count");
    std::vector<std::byte> message(static_cast<std::size_t>(size));
    MPI_Request request = MPI_REQUEST_NULL;
    check(MPI_Imrecv(message.data(), size, MPI_BYTE, &waiting, &request), "MPI_Imrecv");
    sleep_until([&](int& done) { return MPI_Test(&request, &done, MPI_STATUS_IGNORE); }, "MPI_Test");
    return message;
  }

  /// Ends all processes, this one with `code`.
  [[noreturn]] static void abort(int code) {
    MPI_Abort(MPI_COMM_WORLD, code);
    std::exit(code);
  }

 private:
  static constexpr int tag = 1;

  static void check(int error, char const* call) {
    if (error != MPI_SUCCESS) throw std::runtime_error(std::string("census::mpi::session: ") + call + " failed");
  }

  /// Calls test(done) until it is done, less often the longer it takes: after at most 5 ms.
  template <class Test>
  static void sleep_until(Test const& test, char const* call) {
    std::chrono::microseconds pause{20};
    while (true) {
      int done = 0;
      check(test(done), call);
      if (done) return;
      std::this_thread::sleep_for(pause);
      pause = std::min<std::chrono::microseconds>(pause * 3 / 2, std::chrono::milliseconds(5));
    }
  }

  std::size_t rank_ = 0, ranks_ = 1, ranks_here_ = 1;
};

}  // namespace census::mpi
