// SPDX-License-Identifier: MIT
// mpirun -n N census take: N processes, by MPI.
#include <census/mpi/session.hpp>

#include "ranks.hpp"

#include <memory>

namespace {

std::shared_ptr<census::mpi::session> opened;  // in what mpirun started; until the program ends
std::shared_ptr<census::rank_port> others;

}  // namespace

void open_ranks() {
  if (!census::mpi::is_launched()) return;
  opened = std::make_shared<census::mpi::session>();
  if (opened->ranks() > 1) others = opened;
}

std::shared_ptr<census::rank_port> const& other_ranks() { return others; }

std::size_t ranks_on_this_machine() { return opened == nullptr ? 1 : opened->ranks_here(); }

void end_all_ranks(int code) { census::mpi::session::abort(code); }
