// SPDX-License-Identifier: MIT
// Ranks that are threads of the test: what they send each other waits in queues.
#pragma once

#include <census/survey/rank_port.hpp>

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

class thread_ranks {
 public:
  explicit thread_ranks(std::size_t ranks) : ranks_(ranks) {}

  /// Runs act(port) as each rank; throws what the first of them that failed by itself threw. A failure ends the others.
  void run(std::function<void(std::shared_ptr<census::rank_port> const&)> const& act) {
    std::vector<std::thread> threads;
    for (std::size_t rank = 0; rank < ranks_; ++rank)
      threads.emplace_back([&, rank] {
        try {
          act(std::make_shared<port>(*this, rank));
        } catch (ended const&) {
        } catch (...) {
          end(std::current_exception());
        }
      });
    for (auto& thread : threads) thread.join();
    if (problem_) std::rethrow_exception(problem_);
  }

 private:
  struct ended : std::runtime_error {
    ended() : std::runtime_error("another rank failed") {}
  };

  class port : public census::rank_port {
   public:
    port(thread_ranks& all, std::size_t rank) : all_(all), rank_(rank) {}
    std::size_t rank() const override { return rank_; }
    std::size_t ranks() const override { return all_.ranks_; }
    void send(std::size_t to, std::span<std::byte const> message) override {
      std::scoped_lock const alone(all_.mutex_);
      all_.messages_[{rank_, to}].emplace(message.begin(), message.end());
      all_.changed_.notify_all();
    }
    std::vector<std::byte> receive(std::size_t from) override {
      std::unique_lock alone(all_.mutex_);
      auto& waiting = all_.messages_[{from, rank_}];
      all_.changed_.wait(alone, [&] { return all_.problem_ || !waiting.empty(); });
      if (all_.problem_) throw ended();
      auto message = std::move(waiting.front());
      waiting.pop();
      return message;
    }

   private:
    thread_ranks& all_;
    std::size_t rank_;
  };

  void end(std::exception_ptr problem) {
    std::scoped_lock const alone(mutex_);
    if (!problem_) problem_ = std::move(problem);
    changed_.notify_all();
  }

  std::size_t ranks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<std::size_t, std::size_t>, std::queue<std::vector<std::byte>>> messages_;
  std::exception_ptr problem_;
};
