// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>

namespace census {

/// SIGHUP, SIGINT and SIGTERM as something to wait for, as long as the object lives; then they do what they did before,
/// and so does one that came and that wait() did not tell of. Of several the newest is told of them. A SIGHUP that is
/// ignored stays so: nohup lets a program outlive its terminal. Precondition: it is the first of them that goes.
class interrupts {
 public:
  interrupts() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      throw std::runtime_error(std::string("census::interrupts: no pipe can be made: ") + std::strerror(errno));
    read_end_ = ends[0];
    write_end_before_ = write_end().exchange(ends[1]);
    struct sigaction action {};
    action.sa_handler = [](int signal) { tell(static_cast<unsigned char>(signal)); };
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < signals.size(); ++i) {
      ::sigaction(signals[i], nullptr, &before_[i]);
      if (signals[i] != SIGHUP || before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
    }
  }
  interrupts(interrupts const&) = delete;
  interrupts& operator=(interrupts const&) = delete;
  ~interrupts() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
    int const write_end_here = write_end().exchange(write_end_before_);
    for (unsigned char told = woken; ::read(read_end_, &told, 1) == 1;)
      if (told != woken) std::raise(told);
    ::close(write_end_here);
    ::close(read_end_);
  }

  /// Waits for a signal, and tells which came; nothing where none came in this time, or wake() was called.
  std::optional<int> wait(std::chrono::milliseconds time) const {
    pollfd readable{read_end_, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(time.count())) <= 0) return std::nullopt;
    unsigned char told = woken;
    if (::read(read_end_, &told, 1) != 1 || told == woken) return std::nullopt;
    return told;
  }

  /// Ends a wait of another thread.
  void wake() const { tell(woken); }

  /// Gives a signal back that wait() told of, by who cannot see to it: it comes again.
  void give_back(int signal) const { tell(static_cast<unsigned char>(signal)); }

 private:
  static constexpr std::array<int, 3> signals{SIGHUP, SIGINT, SIGTERM};
  static constexpr unsigned char woken = 0;

  static std::atomic<int>& write_end() {
    static std::atomic<int> end = -1;
    return end;
  }
  static void tell(unsigned char what) {
    int const error = errno;
    [[maybe_unused]] auto const written = ::write(write_end(), &what, 1);
    errno = error;
  }

  int read_end_ = -1, write_end_before_ = -1;
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace census
