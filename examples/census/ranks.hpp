// SPDX-License-Identifier: MIT
// The processes ("ranks") that mpirun started to take one census together.
#pragma once

#include <census/survey/rank_agreement.hpp>
#include <census/survey/rank_port.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <streambuf>

/// To be called first. Throws bad_input where several processes were started by a program that was built without MPI.
void open_ranks();

/// How they send each other bytes; null in a process that is alone.
std::shared_ptr<census::rank_port> const& other_ranks();

/// How many of them run on this machine.
std::size_t ranks_on_this_machine();

/// Ends all of them, for a failure of this one.
[[noreturn]] void end_all_ranks(int code);

/// Whether this process has the results, and talks.
inline bool is_first_rank() { return other_ranks() == nullptr || other_ranks()->rank() == 0; }

/// What every rank would say alike, the first says: the others are silent, until they have something of their own to
/// tell.
inline std::streambuf*& stderr_of_silent_rank() {
  static std::streambuf* kept = nullptr;
  return kept;
}
inline void silence_other_ranks() {
  if (is_first_rank()) return;
  stderr_of_silent_rank() = std::cerr.rdbuf(nullptr);
  std::cout.rdbuf(nullptr);
}
inline void let_rank_speak() {
  if (stderr_of_silent_rank() == nullptr) return;
  std::cerr.rdbuf(stderr_of_silent_rank());
  std::cerr << "rank " << other_ranks()->rank() << ": ";
}

/// Thrown where another rank has failed, and tells why.
struct failed_on_another_rank {};

/// Whether all of them know of the failure that is being told, and end by themselves.
inline bool& all_ranks_know() {
  static bool known = false;
  return known;
}

/// Does what may fail on some of the ranks: where it fails on any, it does on all, and the first of these tells why.
inline void on_all_ranks(std::function<void()> const& act) {
  std::exception_ptr problem;
  try {
    act();
  } catch (...) {
    problem = std::current_exception();
  }
  if (auto const& port = other_ranks()) {
    auto const first = census::first_failed_rank(*port, problem != nullptr);
    all_ranks_know() = first.has_value();
    if (first && *first != port->rank()) throw failed_on_another_rank();
  }
  if (problem) std::rethrow_exception(problem);
}
