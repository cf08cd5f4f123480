// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace census {

/// Counts of some rows of a table in memory that the host does not read: a device's, another machine's. A backend
/// derives its own from this; its `tabulate` adds to them through firing_counts::count_remotely, which keeps the
/// occurrences of every row, and brings rows home when somebody asks for them.
///
/// Law: after any number of additions, what bring() gives are the counts that a plain loop over the same firings gives.
/// A function that throws leaves the counts as they were.
class remote_counts {
 public:
  virtual ~remote_counts() = default;

  /// The same counts, which go on independently of these; of the same type.
  virtual std::shared_ptr<remote_counts> copy() const = 0;

  /// How many bytes a cell of the row has there: 1, 2 or 4; 0 where nothing of the row was counted there.
  virtual std::uint32_t cell_bytes(std::size_t row) const = 0;

  /// Copies the row's cells to the host: [neuron], each of cell_bytes(row) bytes in the host's byte order, padded with
  /// zeros to a whole number of 64 neurons, which is the size of `cells`. What was added before is in them.
  virtual void bring(std::size_t row, std::span<std::byte> cells) const = 0;

 protected:
  remote_counts() = default;
  remote_counts(remote_counts const&) = default;
  remote_counts& operator=(remote_counts const&) = default;
};

}  // namespace census
