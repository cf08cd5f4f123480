// SPDX-License-Identifier: MIT
// Ctrl-C, and what else ends the program from outside.
#pragma once

#include <census/archive/unfinished_output.hpp>
#include <census/survey/interrupts.hpp>

#include <unistd.h>

#include <chrono>
#include <iostream>
#include <stop_token>
#include <thread>

/// Ends the program for a signal, with the exit code that shells give; what it was writing goes.
[[noreturn]] inline void end_for(int signal) {
  census::remove_unfinished_outputs();
  ::_exit(128 + signal);
}

/// As long as it lives, the signals of census::interrupts end the program so; census take, which takes a snapshot
/// first, hears of them by itself from its first layer to its last.
class end_at_signal {
 public:
  end_at_signal() : waiter_([this](std::stop_token const& stop) { wait(stop); }) {}
  end_at_signal(end_at_signal const&) = delete;
  end_at_signal& operator=(end_at_signal const&) = delete;
  ~end_at_signal() {
    waiter_.request_stop();
    signals_.wake();
  }

 private:
  void wait(std::stop_token const& stop) const {
    while (!stop.stop_requested())
      if (auto const signal = signals_.wait(std::chrono::hours(1))) {
        std::cerr << "\ncensus: interrupted\n" << std::flush;
        end_for(*signal);
      }
  }

  census::interrupts const signals_;
  std::jthread waiter_;  // the last member: it ends before what it waits for goes
};
