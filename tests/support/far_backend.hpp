// SPDX-License-Identifier: MIT
// An archetype: the smallest backend whose firings and counts lie in memory of its own, which the host cannot read. It
// counts with plain loops, tells what it did, and fails where a test asks for it.
#pragma once

#include <census/activation/block.hpp>
#include <census/tabulation/firing_counts.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace far_away {

/// Every byte of far memory is kept xor this, so that who reads it past load() reads nonsense.
inline constexpr std::uint8_t mask = 0xa5;

/// Bytes that only load() and store() understand.
class memory {
 public:
  explicit memory(std::size_t bytes) : masked_(bytes, mask) {}

  std::size_t size() const { return masked_.size(); }
  std::uint8_t load(std::size_t at) const { return masked_[at] ^ mask; }
  void store(std::size_t at, std::uint8_t value) { masked_[at] = value ^ mask; }

  /// A number of so many bytes, the lowest first.
  std::uint32_t load(std::size_t at, std::uint32_t bytes) const {
    std::uint32_t value = 0;
    for (std::uint32_t b = 0; b < bytes; ++b) value |= std::uint32_t{load(at * bytes + b)} << 8 * b;
    return value;
  }
  void store(std::size_t at, std::uint32_t bytes, std::uint32_t value) {
    for (std::uint32_t b = 0; b < bytes; ++b) store(at * bytes + b, static_cast<std::uint8_t>(value >> 8 * b));
  }

 private:
  std::vector<std::uint8_t> masked_;
};

struct failure : std::runtime_error {
  failure() : std::runtime_error("the far device failed") {}
};

/// What the backend runs on.
struct device {
  int blocks_brought = 0, rows_brought = 0, key_rows_uploaded = 0;
  std::optional<int> steps_before_failure;  ///< each allocation, upload, copy and row brought is a step

  void step() {
    if (steps_before_failure && (*steps_before_failure)-- == 0) {
      steps_before_failure.reset();
      throw failure();
    }
  }

  /// The rows of the text in order of their groups, uploaded once.
  std::vector<std::uint32_t> const& uploaded(census::key_rows const& rows) {
    for (auto const& [known, order] : uploads_)
      if (known.shares_with(rows)) return order;
    step();
    ++key_rows_uploaded;
    return uploads_.emplace_back(rows, std::vector(rows.order().begin(), rows.order().end())).second;
  }

 private:
  std::vector<std::pair<census::key_rows, std::vector<std::uint32_t>>> uploads_;
};

/// Firings in far memory, bit n % 8 of byte n / 8 of a row.
class stored_firings {
 public:
  stored_firings(std::shared_ptr<device> on, census::packed_firings const& here)
      : on_(std::move(on)), rows_(here.rows()), neurons_(here.neurons()) {
    auto bits = std::make_shared<memory>(rows_ * bytes_per_row());
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t b = 0; b < bytes_per_row(); ++b)
        bits->store(row * bytes_per_row() + b, static_cast<std::uint8_t>(here.row(row)[b / 8] >> b % 8 * 8));
    bits_ = std::move(bits);
  }

  std::size_t rows() const { return rows_; }
  std::size_t neurons() const { return neurons_; }
  std::shared_ptr<device> const& on() const { return on_; }

  bool fires(std::size_t row, std::size_t neuron) const {
    return (bits_->load(row * bytes_per_row() + neuron / 8) >> neuron % 8 & 1) != 0;
  }

  census::packed_firings brought() const {
    on_->step();
    ++on_->blocks_brought;
    std::size_t const words = census::packed_firings::words_for(neurons_);
    std::shared_ptr<std::uint64_t[]> here(new std::uint64_t[rows_ * words]());
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t n = 0; n < neurons_; ++n) here[row * words + n / 64] |= std::uint64_t{fires(row, n)} << n % 64;
    return {std::move(here), rows_, neurons_};
  }

 private:
  std::size_t bytes_per_row() const { return (neurons_ + 63) / 64 * 8; }

  std::shared_ptr<device> on_;
  std::size_t rows_, neurons_;
  std::shared_ptr<memory const> bits_;
};

/// Counts in far memory.
class counts final : public census::remote_counts {
 public:
  counts(std::shared_ptr<device> on, std::size_t neurons) : on_(std::move(on)), neurons_(neurons) { on_->step(); }

  std::shared_ptr<census::remote_counts> copy() const override {
    on_->step();
    return std::make_shared<counts>(*this);
  }

  std::uint32_t cell_bytes(std::size_t row) const override {
    auto const found = rows_.find(row);
    return found == rows_.end() ? 0 : found->second.cell_bytes;
  }

  void bring(std::span<brought_row const> rows) const override {
    for (auto const& [row, cells] : rows) {
      on_->step();
      ++on_->rows_brought;
      memory const& from = rows_.at(row).cells;
      if (cells.size() != from.size())
        throw std::logic_error("far_away: a row is brought into too much or little room");
      for (std::size_t b = 0; b < cells.size(); ++b) cells[b] = std::byte{from.load(b)};
    }
  }

  bool lies_with(stored_firings const& firings) const { return firings.on() == on_; }

  /// Rows are counted apart, and take the place of the old ones when nothing can fail any more.
  void add(stored_firings const& firings, census::key_rows const& rows, census::firing_counts const& occurrences) {
    auto const& order = on_->uploaded(rows);
    std::map<std::size_t, far_row> counted;
    for (census::row_group const& group : rows.groups()) {
      far_row& mine = counted.emplace(group.table_row, widened(group, occurrences)).first->second;
      for (std::uint32_t i = group.first; i < group.last; ++i)
        for (std::size_t n = 0; n < neurons_; ++n)
          if (firings.fires(order[i], n)) mine.cells.store(n, mine.cell_bytes, mine.cells.load(n, mine.cell_bytes) + 1);
    }
    counted.merge(rows_);  // of two, that which was counted now
    rows_ = std::move(counted);
  }

 private:
  struct far_row {
    memory cells;
    std::uint32_t cell_bytes;
  };

  far_row widened(census::row_group const& group, census::firing_counts const& occurrences) const {
    on_->step();
    std::uint32_t const bytes = occurrences.cell_bytes_after(group);
    far_row wide{memory(bytes * ((neurons_ + 63) / 64 * 64)), bytes};
    if (auto const before = rows_.find(group.table_row); before != rows_.end())
      for (std::size_t n = 0; n < neurons_; ++n)
        wide.cells.store(n, bytes, before->second.cells.load(n, before->second.cell_bytes));
    return wide;
  }

  std::shared_ptr<device> on_;
  std::size_t neurons_;
  std::map<std::size_t, far_row> rows_;
};

/// Firings that are counted where they lie.
struct firings : stored_firings {
  using stored_firings::stored_firings;
};

inline void tabulate(firings const& firings, census::key_rows const& rows, census::firing_counts& into) {
  into.count_remotely<counts>(
      firings, rows, [&] { return std::make_shared<counts>(firings.on(), firings.neurons()); },
      [&](counts& mine) { mine.add(firings, rows, into); });
}

template <class Firings>
class basic_block {
 public:
  basic_block(std::shared_ptr<device> on, census::block const& here)
      : layer_(here.layer()), text_(here.text()), firings_(std::move(on), here.firings()) {}

  std::uint32_t layer() const { return layer_; }
  census::shared_text const& text() const { return text_; }
  Firings const& firings() const { return firings_; }

  friend census::block on_host(basic_block const& block) {
    return {block.layer_, block.text_, block.firings_.brought()};
  }

 private:
  std::uint32_t layer_;
  census::shared_text text_;
  Firings firings_;
};

using block = basic_block<firings>;
using block_without_engine = basic_block<stored_firings>;  ///< its backend can store and bring, not count

template <class Block = block>
std::vector<Block> sent(std::shared_ptr<device> const& to, std::vector<census::block> const& blocks) {
  std::vector<Block> there;
  for (census::block const& block : blocks) there.emplace_back(to, block);
  return there;
}

/// Lets something fail on the far device at its first step, its second, and so on: calls attempt(fresh copy of
/// `before`) with a failure at step 0, 1, ... until it gets through, and unharmed(copy) after each failure. Returns how
/// many steps failed, -1 where unharmed() once said no.
template <class Value, class Attempt, class Unharmed>
int failing_steps(device& on, Value const& before, Attempt attempt, Unharmed unharmed) {
  for (int step = 0;; ++step) {
    Value value = before;
    on.steps_before_failure = step;
    try {
      attempt(value);
      on.steps_before_failure.reset();
      return step;
    } catch (failure const&) {
      if (!unharmed(value)) return -1;
    }
  }
}

}  // namespace far_away
