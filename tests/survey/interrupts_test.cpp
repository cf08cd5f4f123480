// SPDX-License-Identifier: MIT
#include <census/survey/interrupts.hpp>

#include <support/catch.hpp>

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

using namespace std::chrono_literals;

TEST_CASE("a signal ends a wait and tells which it was, whichever thread it reaches") {
  auto const before = std::signal(SIGHUP, SIG_DFL);  // it may be ignored, as under nohup
  {
    census::interrupts const signals;
    for (int const signal : {SIGHUP, SIGINT, SIGTERM}) {
      std::thread other([&] { std::raise(signal); });
      CHECK(signals.wait(10s) == std::optional<int>(signal));
      other.join();
    }
    CHECK(signals.wait(1ms) == std::nullopt);
  }
  std::signal(SIGHUP, before);
}

TEST_CASE("a SIGHUP that is ignored stays so") {
  auto const before = std::signal(SIGHUP, SIG_IGN);
  {
    census::interrupts const signals;
    census::interrupts const newer;
    std::raise(SIGHUP);
    CHECK(newer.wait(1ms) == std::nullopt);
    CHECK(signals.wait(1ms) == std::nullopt);
  }
  CHECK(std::signal(SIGHUP, before) == SIG_IGN);
}

TEST_CASE("another thread ends a wait without a signal") {
  census::interrupts const signals;
  std::thread other([&] { signals.wake(); });
  CHECK(signals.wait(10s) == std::nullopt);
  other.join();
}

TEST_CASE("of several objects the newest is told of signals, and when the last is gone they do what they did before") {
  static int handled = 0;
  auto const before = std::signal(SIGINT, [](int) { ++handled; });
  {
    census::interrupts const signals;
    {
      census::interrupts const newer;
      std::raise(SIGINT);
      CHECK(newer.wait(10s) == std::optional<int>(SIGINT));
      CHECK(signals.wait(0s) == std::nullopt);
    }
    std::raise(SIGTERM);
    CHECK(signals.wait(10s) == std::optional<int>(SIGTERM));
  }
  CHECK(handled == 0);
  std::raise(SIGINT);
  CHECK(handled == 1);
  { census::interrupts const again; }
  std::signal(SIGINT, before);
}

TEST_CASE("a signal that nobody was told of does what it did before, as soon as that is what signals do") {
  census::interrupts const older;
  {
    census::interrupts const signals;
    signals.wake();
    std::raise(SIGINT);
    CHECK(signals.wait(0s) == std::nullopt);  // it is wake() that is told
    CHECK(older.wait(0s) == std::nullopt);
  }
  CHECK(older.wait(1s) == std::optional<int>(SIGINT));
  {
    census::interrupts const signals;
    std::raise(SIGTERM);
    REQUIRE(signals.wait(1s) == std::optional<int>(SIGTERM));
    signals.give_back(SIGTERM);
  }
  CHECK(older.wait(1s) == std::optional<int>(SIGTERM));
  CHECK(older.wait(0s) == std::nullopt);
}
