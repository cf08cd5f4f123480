// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace census {

/// Counts of some rows of a table in a memory that the host does not read: a device's, another machine's. A backend
/// derives its own from this; its `tabulate` adds to them through firing_counts::count_remotely, which has one of these
/// a memory, keeps the occurrences of every row, and brings rows home when somebody asks for them.
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

  /// A row that is to come to the host, and where its cells go: [neuron], padded to a whole number of 64.
  struct brought_row {
    std::size_t row;
    std::span<std::byte> cells;
  };

  /// Copies rows to the host: each cell of cell_bytes(row) bytes, in the host's byte order, and zeros past the last
  /// neuron. What was added before is in them. Precondition: something of each row was counted there.
  virtual void bring(std::span<brought_row const> rows) const = 0;

 protected:
  remote_counts() = default;
  remote_counts(remote_counts const&) = default;
  remote_counts& operator=(remote_counts const&) = default;
};

/// Counts elsewhere, some of which may lie where a backend's firings do.
///  - `counts.lies_with(firings)`   whether they do, so that these firings can be added to them.
template <class R, class F>
concept remote_counts_of = std::derived_from<R, remote_counts> && requires(R const& counts, F const& firings) {
  { counts.lies_with(firings) } -> std::convertible_to<bool>;
};

}  // namespace census
