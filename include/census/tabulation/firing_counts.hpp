// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/shaped_firings.hpp>
#include <census/sole_owner.hpp>
#include <census/tabulation/detail/counted_row.hpp>
#include <census/tabulation/detail/stored_rows.hpp>
#include <census/tabulation/key_rows.hpp>
#include <census/tabulation/remote_counts.hpp>
#include <census/tabulation/row_counts.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

/// Firing counts [row, neuron] with the occurrences [row] they were counted over. A value: a copy is independent of its
/// original, and cheap, for rows are shared until one of the two writes.
///
/// Law: no cell exceeds its row's occurrences. So a row's cells are of 8 bits as long as its key occurred at most 255
/// times, of 16 up to 65,535, then of 32; a row that could outgrow those is refused before anything is counted, so no
/// cell overflows in silence. A function that throws leaves the counts as they were.
///
/// Counts lie where they are counted: here, or in memories of backends (remote_counts); a row's counts are the sum of
/// what lies here and in each of these. select(), at_home(), add() and == bring the rows they need; counts() reads what
/// is at home.
class firing_counts {
 public:
  /// Throws std::length_error for 2^32 neurons or more, which have no numbers.
  explicit firing_counts(std::size_t neurons = 0) : neurons_(neurons) {
    if (neurons > std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("census::firing_counts: " + std::to_string(neurons) + " neurons; at most 2^32 - 1 are");
  }

  /// Memory, in bytes, that so many rows can take at most when all their occurrences together are `tokens`: one of
  /// these may be a wide row only for every 256 or 65,536 tokens.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t tokens, std::uint64_t neurons) {
    std::uint64_t const two_bytes = std::min(rows, tokens >> 8), four_bytes = std::min(rows, tokens >> 16);
    return (neurons + 63) / 64 * 64 * (rows + two_bytes + 2 * four_bytes) + 160 * rows;
  }

  std::size_t rows() const { return rows_.size(); }
  std::size_t neurons() const { return neurons_; }
  std::size_t padded_neurons() const { return detail::counted_row::padded(neurons_); }

  /// How often the row's key occurred. Throws std::out_of_range where there is no such row.
  std::uint64_t occurrences(std::size_t row) const { return at(row).occurrences; }

  /// How often each neuron fired there, [neuron]. Throws std::out_of_range where there is no such row, std::logic_error
  /// where counts lie elsewhere.
  row_counts counts(std::size_t row) const& { return here(row).counts(neurons_); }
  owned_row_counts counts(std::size_t row) const&& { return here(row).owned_counts(neurons_); }

  /// Appends a row that was counted elsewhere, firings [neuron], unless its key did not occur; tells whether it did.
  /// Throws std::invalid_argument where there is not one count for each neuron, or one is negative or exceeds the
  /// occurrences; std::overflow_error where those exceed 2^32 - 1.
  template <class Count>
  requires std::integral<std::remove_const_t<Count>>
  bool append(std::uint64_t occurred, std::span<Count> firings) {
    if (firings.size() != neurons_)
      throw std::invalid_argument("census::firing_counts: a row of " + std::to_string(firings.size()) + " counts for " +
                                  std::to_string(neurons_) + " neurons");
    detail::counted_row{}.check_room(occurred);
    for (std::size_t n = 0; n < neurons_; ++n)
      if (std::cmp_less(firings[n], 0) || std::cmp_greater(firings[n], occurred))
        throw std::invalid_argument("census::firing_counts: neuron " + std::to_string(n) + " fired " +
                                    std::to_string(firings[n]) + " times at a key that occurred " +
                                    std::to_string(occurred) + " times");
    if (occurred == 0) return false;
    detail::counted_row row(neurons_, detail::cell_bytes_for(occurred), static_cast<std::uint32_t>(occurred));
    row.visit_cells(neurons_, [&]<class Cell>(std::span<Cell> cells) {
      for (std::size_t n = 0; n < neurons_; ++n) cells[n] = static_cast<Cell>(firings[n]);
    });
    if (!is_at_home()) *this = at_home();
    rows_.push_back(std::move(row));
    return true;
  }

  /// For engines that count here, before they count firings by these rows: makes the rows that are named ready to be
  /// written, and adds to their occurrences. Throws std::invalid_argument where shapes disagree, std::overflow_error
  /// where a row would pass 2^32 - 1 occurrences.
  template <shaped_firings Firings>
  void admit(Firings const& firings, key_rows const& rows) {
    check(firings, rows);
    with_rows(rows.table_rows(), [&] {
      for (row_group const& group : rows.groups())
        rows_[group.table_row].make_writable(neurons_, occurrences(group.table_row) + group.size());
    });
    add_occurrences(rows);
  }

  /// For engines that count here: calls visit(cells) with the cells of a row that was admitted, a span of std::uint8_t,
  /// std::uint16_t or std::uint32_t: padded_neurons() of them, those past the last neuron stay zero.
  template <class Visit>
  void visit_cells(std::size_t row, Visit&& visit) {
    rows_[row].visit_cells(neurons_, std::forward<Visit>(visit));
  }
  /// Where those cells lie.
  std::span<std::byte const> cells(std::size_t row) const { return rows_[row].bytes(neurons_); }

  /// For engines that count elsewhere: calls add(mine) with this value's own counts in the memory that the firings lie
  /// in, to which add is to add the firings by these rows, and adds to the occurrences. Where there are none in that
  /// memory, make() gives a std::shared_ptr<Remote> without counts. Throws as admit() does, and what make, add and
  /// remote_counts throw.
  template <class Remote, shaped_firings Firings, std::invocable Make, std::invocable<Remote&> Add>
  requires remote_counts_of<Remote, Firings>
  void count_remotely(Firings const& firings, key_rows const& rows, Make&& make, Add&& add) {
    check(firings, rows);
    if (rows.groups().empty()) return;
    with_rows(rows.table_rows(), [&] { add(own_remote<Remote>(firings, make)); });
    add_occurrences(rows);
  }

  /// For engines that count elsewhere: the bytes of a cell that can count a row once the group is counted as well,
  /// wherever its occurrences were counted: enough for each of several memories, and no more than their sum needs.
  std::uint32_t cell_bytes_after(row_group const& group) const {
    std::uint64_t const before = group.table_row < rows() ? occurrences(group.table_row) : 0;
    return detail::cell_bytes_for(before + group.size());
  }

  /// Whether all counts are here.
  bool is_at_home() const { return remotes_.empty(); }

  /// These counts with every row here. Rows that were here are shared.
  firing_counts at_home() const {
    std::vector<std::uint32_t> all(rows());
    std::iota(all.begin(), all.end(), std::uint32_t{0});
    return select(all);
  }

  /// The rows chosen, in that order, at home. Rows that were here are shared.
  firing_counts select(std::span<std::uint32_t const> chosen) const {
    firing_counts selection(neurons_);
    selection.rows_ = rows_at_home(chosen);
    return selection;
  }

  /// Whether `other`'s row can be added to this one's. Throws std::overflow_error or std::invalid_argument where not.
  void check_addable(std::size_t row, firing_counts const& other, std::size_t others_row) const {
    if (other.neurons_ != neurons_)
      throw std::invalid_argument("census: counts of " + std::to_string(neurons_) + " neurons cannot take those of " +
                                  std::to_string(other.neurons_));
    if (row < rows()) rows_[row].check_room(other.occurrences(others_row));
  }

  /// Adds a row of `other` to a row of this, which is made where it is new.
  void add(std::size_t row, firing_counts const& other, std::size_t others_row) {
    check_addable(row, other, others_row);
    firing_counts const brought = other.select(std::array{static_cast<std::uint32_t>(others_row)});
    detail::counted_row const& theirs = brought.rows_[0];  // a copy, for `other` may be this
    if (theirs.occurrences == 0) return;
    with_rows(row + 1, [&] {
      detail::counted_row& mine = rows_[row];
      if (!mine.has_cells()) {
        std::uint32_t const before = mine.occurrences;  // counted elsewhere
        mine = theirs;
        mine.occurrences += before;
        return;
      }
      mine.make_writable(neurons_, mine.occurrences + std::uint64_t{theirs.occurrences});
      mine.occurrences += theirs.occurrences;
      mine.add_cells(theirs, neurons_);
    });
  }

  /// Stores the rows at home, and restores them there.
  template <class Archive>
  void serialize(Archive& archive) {
    std::uint64_t neurons = neurons_;
    archive("neurons", neurons);
    if constexpr (Archive::is_reading) {
      *this = firing_counts(neurons);
      rows_ = detail::stored_rows::restore(archive, neurons);
    } else {
      detail::stored_rows::store(archive, at_home().rows_, neurons);
    }
  }

  friend bool operator==(firing_counts const& a, firing_counts const& b) {
    if (a.neurons_ != b.neurons_ || a.rows() != b.rows()) return false;
    if (!a.is_at_home() || !b.is_at_home()) return a.at_home() == b.at_home();
    for (std::size_t row = 0; row < a.rows(); ++row) {
      if (a.occurrences(row) != b.occurrences(row)) return false;
      if (a.occurrences(row) != 0 && a.counts(row) != b.counts(row)) return false;
    }
    return true;
  }

 private:
  detail::counted_row const& at(std::size_t row) const {
    if (row >= rows())
      throw std::out_of_range("census::firing_counts: there is no row " + std::to_string(row) + ", there are " +
                              std::to_string(rows()));
    return rows_[row];
  }
  detail::counted_row const& here(std::size_t row) const {
    if (!is_at_home()) throw std::logic_error("census::firing_counts: counts lie elsewhere; at_home() brings them");
    return at(row);
  }

  template <shaped_firings Firings>
  void check(Firings const& firings, key_rows const& rows) const {
    std::size_t const their_rows = firings.rows(), their_neurons = firings.neurons();
    if (their_rows != rows.rows() || their_neurons != neurons_)
      throw std::invalid_argument("census::tabulate: firings of " + std::to_string(their_rows) + " rows and " +
                                  std::to_string(their_neurons) + " neurons cannot be counted by the keys of " +
                                  std::to_string(rows.rows()) + " rows into counts of " + std::to_string(neurons_) +
                                  " neurons");
    for (row_group const& group : rows.groups())
      if (group.table_row < rows_.size()) rows_[group.table_row].check_room(group.size());
  }

  void add_occurrences(key_rows const& rows) {
    for (row_group const& group : rows.groups()) rows_[group.table_row].occurrences += group.size();
  }

  /// Calls work() where there are at least so many rows; those that are new go again where it throws.
  template <class Work>
  void with_rows(std::size_t least, Work&& work) {
    std::size_t const before = rows_.size();
    if (before < least) rows_.resize(least);
    try {
      work();
    } catch (...) {
      rows_.resize(before);
      throw;
    }
  }

  /// The counts in the memory of these firings, shared with no copy.
  template <class Remote, class Firings, class Make>
  Remote& own_remote(Firings const& firings, Make&& make) {
    for (std::shared_ptr<remote_counts>& remote : remotes_) {
      auto const* const found = dynamic_cast<Remote const*>(remote.get());
      if (found == nullptr || !found->lies_with(firings)) continue;
      if (!is_sole_owner(remote)) remote = remote->copy();
      return dynamic_cast<Remote&>(*remote);
    }
    return dynamic_cast<Remote&>(*remotes_.emplace_back(make()));
  }

  /// Rows with all that was counted of them, here and elsewhere.
  std::vector<detail::counted_row> rows_at_home(std::span<std::uint32_t const> chosen) const {
    constexpr std::size_t most_bytes = std::size_t{8} << 20;  // of rows that come at a time
    std::size_t const most_rows = 1 + most_bytes / (4 * padded_neurons() + 1);
    std::vector<detail::counted_row> home;
    home.reserve(chosen.size());
    for (std::uint32_t const row : chosen) home.push_back(rows_[row]);
    for (auto const& remote : remotes_)
      for (std::size_t first = 0; first < chosen.size(); first += most_rows) {
        std::size_t const count = std::min(most_rows, chosen.size() - first);
        bring(*remote, chosen.subspan(first, count), std::span(home).subspan(first, count));
      }
    return home;
  }

  /// Adds what was counted elsewhere of some rows to what is at home of them.
  void bring(remote_counts const& from, std::span<std::uint32_t const> chosen,
             std::span<detail::counted_row> home) const {
    std::vector<detail::counted_row> arriving(chosen.size());
    std::vector<remote_counts::brought_row> coming;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      std::uint32_t const bytes = from.cell_bytes(chosen[i]);
      if (bytes == 0) continue;
      arriving[i] = detail::counted_row(neurons_, bytes, home[i].occurrences);
      coming.push_back({chosen[i], arriving[i].bytes(neurons_)});
    }
    from.bring(coming);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (!arriving[i].has_cells()) continue;
      if (home[i].has_cells()) {
        home[i].make_writable(neurons_, home[i].occurrences);
        home[i].add_cells(arriving[i], neurons_);
      } else {
        home[i] = std::move(arriving[i]);
      }
    }
  }

  std::size_t neurons_;
  std::vector<detail::counted_row> rows_;
  std::vector<std::shared_ptr<remote_counts>> remotes_;  // one a memory; none where all is counted here
};

}  // namespace census
