// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// Bytes of a cell that can hold `most`: 1, 2 or 4.
constexpr std::uint32_t cell_bytes_for(std::uint64_t most) { return most <= 0xff ? 1 : most <= 0xffff ? 2 : 4; }

/// Calls visit with a span of `count` cells of that many bytes: of std::uint8_t, std::uint16_t or std::uint32_t, const
/// where `cells` is.
template <class Void, class Visit>
decltype(auto) with_cells(Void* cells, std::uint32_t cell_bytes, std::size_t count, Visit&& visit) {
  auto const as = [&]<class Cell>(std::type_identity<Cell>) -> decltype(auto) {
    using qualified = std::conditional_t<std::is_const_v<Void>, Cell const, Cell>;
    return visit(std::span<qualified>(static_cast<qualified*>(cells), count));
  };
  if (cell_bytes == 1) return as(std::type_identity<std::uint8_t>{});
  if (cell_bytes == 2) return as(std::type_identity<std::uint16_t>{});
  return as(std::type_identity<std::uint32_t>{});
}

}  // namespace detail

/// How often each neuron fired under one key: a range of std::uint32_t [neuron], read out of cells of 8, 16 or 32 bits;
/// zeros where there are no cells. A view, valid as long as the firing_counts it is of are neither changed nor gone.
class row_counts {
 public:
  class iterator {
   public:
    using value_type = std::uint32_t;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    std::uint32_t operator*() const {
      if (cells_ == nullptr) return 0;
      return detail::with_cells(cells_, cell_bytes_, at_ + 1, [](auto cells) { return std::uint32_t{cells.back()}; });
    }
    iterator& operator++() { return ++at_, *this; }
    iterator operator++(int) { return std::exchange(*this, iterator(cells_, cell_bytes_, at_ + 1)); }
    friend bool operator==(iterator const& a, iterator const& b) { return a.at_ == b.at_; }

   private:
    friend row_counts;
    iterator(void const* cells, std::uint32_t cell_bytes, std::size_t at)
        : cells_(cells), cell_bytes_(cell_bytes), at_(at) {}

    void const* cells_ = nullptr;
    std::uint32_t cell_bytes_ = 1;
    std::size_t at_ = 0;
  };

  row_counts(void const* cells, std::uint32_t cell_bytes, std::size_t neurons)
      : cells_(cells), cell_bytes_(cell_bytes), neurons_(neurons) {}

  std::size_t size() const { return neurons_; }
  std::uint32_t operator[](std::size_t neuron) const { return *iterator(cells_, cell_bytes_, neuron); }
  iterator begin() const { return {cells_, cell_bytes_, 0}; }
  iterator end() const { return {cells_, cell_bytes_, neurons_}; }

  /// Calls visit(cells) with the cells themselves, a span of const std::uint8_t, std::uint16_t or std::uint32_t
  /// [neuron]: for loops over many of them, which compilers make vectors of. The span is valid during the call.
  template <class Visit>
  decltype(auto) visit(Visit&& visit) const {
    if (cells_ == nullptr) {
      std::vector<std::uint8_t> const zeros(neurons_, 0);
      return visit(std::span<std::uint8_t const>(zeros));
    }
    return detail::with_cells(cells_, cell_bytes_, neurons_, std::forward<Visit>(visit));
  }

  friend bool operator==(row_counts const& a, row_counts const& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  void const* cells_;
  std::uint32_t cell_bytes_;
  std::size_t neurons_;
};

static_assert(std::forward_iterator<row_counts::iterator>);

/// The same, and holds on to the cells: of counts that are gone by themselves, as those of by_token.table(3).counts(0).
class owned_row_counts : public row_counts {
 public:
  owned_row_counts(std::shared_ptr<void const> cells, std::uint32_t cell_bytes, std::size_t neurons)
      : row_counts(cells.get(), cell_bytes, neurons), cells_(std::move(cells)) {}

 private:
  std::shared_ptr<void const> cells_;
};

}  // namespace census

template <>
inline constexpr bool std::ranges::enable_borrowed_range<census::row_counts> = true;
