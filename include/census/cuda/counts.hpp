// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/count_kernels.hpp>
#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/downloads.hpp>
#include <census/cuda/detail/launch.hpp>
#include <census/cuda/detail/row_slabs.hpp>
#include <census/cuda/detail/uploads.hpp>
#include <census/cuda/firings.hpp>
#include <census/tabulation/firing_counts.hpp>
#include <census/tabulation/key_rows.hpp>
#include <census/tabulation/remote_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace census::cuda {

/// Counts of a table in a device's memory, in the host's cells: what `tabulate` for cuda::firings adds to.
class counts final : public remote_counts {
 public:
  /// Without rows. Throws device_error.
  counts(std::shared_ptr<detail::device const> on, std::size_t neurons)
      : on_(std::move(on)), padded_neurons_((neurons + 63) / 64 * 64), uploads_(detail::uploads::of(on_)),
        downloads_(detail::downloads::of(on_)), slabs_(on_, padded_neurons_) {}

  /// Device memory, in bytes, that so many rows can take at most when all their occurrences together are `tokens`. A
  /// row that widened leaves room for another narrow one, which may never come.
  static std::uint64_t bytes(std::uint64_t rows, std::uint64_t tokens, std::uint64_t neurons) {
    std::uint64_t const two_bytes = std::min(rows, tokens >> 8), four_bytes = std::min(rows, tokens >> 16);
    return (neurons + 63) / 64 * 64 * (rows + 2 * two_bytes + 4 * four_bytes) + detail::row_slabs::slack();
  }

  std::shared_ptr<remote_counts> copy() const override {
    detail::current_device const here(on_->ordinal());
    auto own = std::make_shared<counts>(on_, padded_neurons_);
    own->rows_.resize(rows_.size());
    detail::rows_by_width wanted{};
    for (detail::row_cells const& row : rows_)
      if (row.cell_bytes != 0) ++wanted[detail::width_number(row.cell_bytes)];
    own->slabs_.reserve(wanted);

    std::vector<kernels::prepared_row> copied;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row].cell_bytes == 0) continue;
      own->rows_[row] = own->slabs_.take(rows_[row].cell_bytes);
      copied.push_back(prepared(rows_[row], own->rows_[row]));
    }
    prepare(copied);
    return own;
  }

  std::uint32_t cell_bytes(std::size_t row) const override { return row < rows_.size() ? rows_[row].cell_bytes : 0; }

  void bring(std::span<brought_row const> rows) const override {
    std::vector<detail::downloads::piece> pieces;
    pieces.reserve(rows.size());
    for (auto const& [row, cells] : rows) pieces.push_back({rows_.at(row).first, cells});
    downloads_->bring(pieces);
  }

  /// Whether the firings lie on the same device.
  bool lies_with(cuda::firings const& firings) const { return firings.device() == on_->ordinal(); }

  /// Adds firings on the same device by their keys, for firing_counts::count_remotely: `occurrences` are those from
  /// before. All that can fail comes before the one launch that counts, and touches no cell that holds counts. Throws
  /// device_error.
  void add(cuda::firings const& firings, key_rows const& rows, firing_counts const& occurrences) {
    if (padded_neurons_ == 0) return;
    detail::current_device const here(on_->ordinal());
    auto const order = uploads_->order_of(rows);
    wider_rows wide(*this, rows, occurrences);
    auto const pieces = uploads_->send(wide.pieces());
    prepare(wide.prepared());
    detail::launch_count(firings.bits(), firings.words_per_row(), order->data(), pieces.data(), pieces.size(),
                         on_->stream());
    wide.keep();
  }

 private:
  /// The rows that some keys are counted into, where the new ones and those that must widen have cells taken for them:
  /// which go back unless they are kept.
  class wider_rows {
   public:
    wider_rows(counts& of, key_rows const& rows, firing_counts const& occurrences) : of_(of) {
      of.rows_.resize(std::max(of.rows_.size(), rows.table_rows()));
      reserve(rows, occurrences);
      for (row_group const& group : rows.groups()) {
        detail::row_cells const before = of.rows_[group.table_row];
        detail::row_cells now = before;
        if (std::uint32_t const needed = needed_bytes(group, occurrences); needed != before.cell_bytes) {
          now = of.slabs_.take(needed);
          taken_.emplace_back(group.table_row, now);
          prepared_.push_back(counts::prepared(before, now));
        }
        detail::append_pieces(pieces_, now.first, now.cell_bytes, group.first, group.last);
      }
    }
    wider_rows(wider_rows const&) = delete;
    wider_rows& operator=(wider_rows const&) = delete;
    ~wider_rows() {
      for (auto const& [row, now] : taken_) of_.slabs_.give_back(now);
    }

    std::span<kernels::counted_piece const> pieces() const { return pieces_; }
    std::span<kernels::prepared_row const> prepared() const { return prepared_; }

    /// From now on these are the rows; the cells from before go back instead.
    void keep() noexcept {
      for (auto& [row, now] : taken_) std::swap(of_.rows_[row], now);
      std::erase_if(taken_, [](auto const& one) { return one.second.cell_bytes == 0; });
    }

   private:
    std::uint32_t needed_bytes(row_group const& group, firing_counts const& occurrences) const {
      return std::max(of_.rows_[group.table_row].cell_bytes, occurrences.cell_bytes_after(group));
    }

    /// All that can fail: taking what is reserved cannot.
    void reserve(key_rows const& rows, firing_counts const& occurrences) {
      std::size_t all = 0, pieces = 0;
      detail::rows_by_width wanted{};
      for (row_group const& group : rows.groups()) {
        pieces += detail::pieces_of(group.size());
        if (std::uint32_t const needed = needed_bytes(group, occurrences);
            needed != of_.rows_[group.table_row].cell_bytes)
          ++wanted[detail::width_number(needed)], ++all;
      }
      taken_.reserve(all);
      prepared_.reserve(all);
      pieces_.reserve(pieces);
      of_.slabs_.reserve(wanted);
    }

    counts& of_;
    std::vector<std::pair<std::uint32_t, detail::row_cells>> taken_;  // of the table, each with its new cells
    std::vector<kernels::prepared_row> prepared_;
    std::vector<kernels::counted_piece> pieces_;
  };

  static kernels::prepared_row prepared(detail::row_cells const& from, detail::row_cells const& to) {
    return {from.first, to.first, from.cell_bytes, to.cell_bytes};
  }

  /// Fills rows from others, or with zeros, in the device's stream.
  void prepare(std::span<kernels::prepared_row const> rows) const {
    if (rows.empty()) return;
    auto const there = uploads_->send(rows);
    detail::launch_prepare(there.data(), there.size(), padded_neurons_, on_->stream());
  }

  std::shared_ptr<detail::device const> on_;
  std::size_t padded_neurons_;
  std::shared_ptr<detail::uploads> uploads_;
  std::shared_ptr<detail::downloads> downloads_;
  detail::row_slabs slabs_;
  std::vector<detail::row_cells> rows_;  // of the table
};

}  // namespace census::cuda
