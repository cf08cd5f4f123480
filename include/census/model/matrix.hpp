// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace census {

/// Floats of a row with its padding: rows start on 64 bytes, whatever their length.
constexpr std::size_t padded(std::size_t columns) { return (columns + 15) / 16 * 16; }

/// A view of a row-major matrix [rows, columns], each row `stride` floats behind the one before. T is float or float
/// const.
template <class T>
struct matrix_view {
  T* data = nullptr;
  std::size_t rows = 0, columns = 0, stride = 0;

  std::span<T> row(std::size_t i) const { return {data + i * stride, columns}; }
  matrix_view middle_rows(std::size_t first, std::size_t count) const {
    return {data + first * stride, count, columns, stride};
  }
  matrix_view middle_columns(std::size_t first, std::size_t count) const { return {data + first, rows, count, stride}; }
  operator matrix_view<T const>() const requires(!std::is_const_v<T>) { return {data, rows, columns, stride}; }
};

/// `count` floats on a boundary of 64 bytes, of any value: what is not written takes no memory of the machine's.
inline std::shared_ptr<float[]> unset_floats(std::size_t count) {
  void* const memory = ::operator new (std::max<std::size_t>(1, count) * sizeof(float), std::align_val_t{64});
  return {static_cast<float*>(memory), [](float* p) { ::operator delete (p, std::align_val_t{64}); }};
}

/// The same, zero.
inline std::shared_ptr<float[]> aligned_floats(std::size_t count) {
  auto floats = unset_floats(count);
  std::fill_n(floats.get(), count, 0.f);
  return floats;
}

/// A row-major float32 matrix whose rows start on 64 bytes, so that what is computed on a row does not depend on where
/// it lies. Padding is zero until someone writes there. Move-only.
class padded_matrix {
 public:
  padded_matrix() = default;
  padded_matrix(std::size_t rows, std::size_t columns) { resize(rows, columns); }
  padded_matrix(padded_matrix&& other) noexcept { swap(other); }
  padded_matrix& operator=(padded_matrix&& other) noexcept {
    padded_matrix(std::move(other)).swap(*this);
    return *this;
  }

  /// Gives it a shape; its values are then unspecified. Memory is asked for only where it has to grow.
  void resize(std::size_t rows, std::size_t columns) {
    if (rows * padded(columns) > capacity_) {
      *this = {};  // before more is asked for, and whole where that fails
      floats_ = aligned_floats(rows * padded(columns));
      capacity_ = rows * padded(columns);
    }
    rows_ = rows, columns_ = columns;
  }

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  float* data() { return floats_.get(); }
  float const* data() const { return floats_.get(); }
  matrix_view<float> view() { return {data(), rows_, columns_, padded(columns_)}; }
  matrix_view<float const> view() const { return {data(), rows_, columns_, padded(columns_)}; }
  std::span<float> row(std::size_t i) { return view().row(i); }
  std::span<float const> row(std::size_t i) const { return view().row(i); }

 private:
  void swap(padded_matrix& other) noexcept {
    floats_.swap(other.floats_);
    std::swap(rows_, other.rows_), std::swap(columns_, other.columns_), std::swap(capacity_, other.capacity_);
  }

  std::shared_ptr<float[]> floats_;
  std::size_t rows_ = 0, columns_ = 0, capacity_ = 0;
};

}  // namespace census
