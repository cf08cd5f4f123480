// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace census {

/// How processes that take one census together ("ranks", numbered from 0) send each other bytes: census::mpi::session
/// is one. Messages from one rank to another arrive in order, and each whole. All calls come from one thread.
class rank_port {
 public:
  virtual ~rank_port() = default;

  virtual std::size_t rank() const = 0;
  virtual std::size_t ranks() const = 0;

  /// Sends a message, and waits until the bytes may go; without using the processor where that takes long.
  virtual void send(std::size_t to, std::span<std::byte const> message) = 0;

  /// Waits for the next message of a rank, likewise.
  virtual std::vector<std::byte> receive(std::size_t from) = 0;
};

}  // namespace census
