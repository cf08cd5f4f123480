// SPDX-License-Identifier: MIT
// mpirun -n N census take, in a program that was built without MPI.
#include <census/error.hpp>

#include "ranks.hpp"

#include <cstdlib>
#include <memory>
#include <string>

void open_ranks() {
  for (char const* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (char const* const ranks = std::getenv(name); ranks != nullptr && std::string(ranks) != "1")
      throw census::bad_input("mpirun", "started " + std::string(ranks) +
                                            " processes, but this program was built without MPI (CENSUS_MPI)");
}

std::shared_ptr<census::rank_port> const& other_ranks() {
  static std::shared_ptr<census::rank_port> const none;
  return none;
}

std::size_t ranks_on_this_machine() { return 1; }

void end_all_ranks(int code) { std::exit(code); }
