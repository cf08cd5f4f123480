// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>

#ifdef CENSUS_OPENBLAS
#include <cblas.h>
#else
#include <Eigen/Core>
#endif

#include <cassert>
#include <string>

namespace census {

// The one place where matrices are multiplied: OpenBLAS where CENSUS_OPENBLAS is defined, Eigen elsewhere. The bits of
// a row of a product depend on the product's whole shape and on the library's threads; so a product is one sequence, or
// a tile counted from its start, never several, and the library runs on the caller's thread alone.

/// Tells the library of products to use the caller's thread only, whatever OPENBLAS_NUM_THREADS says. Once a process,
/// at first use.
inline void use_one_product_thread() {
#ifdef CENSUS_OPENBLAS
  [[maybe_unused]] static bool const told = (openblas_set_num_threads(1), true);
#else
  [[maybe_unused]] static bool const told = (Eigen::setNbThreads(1), true);
#endif
}

#ifndef CENSUS_OPENBLAS
namespace detail {
template <class T>
auto eigen_view(matrix_view<T> m) {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using mapped = std::conditional_t<std::is_const_v<T>, matrix const, matrix>;
  return Eigen::Map<mapped, Eigen::Unaligned, Eigen::OuterStride<>>(m.data, m.rows, m.columns,
                                                                    Eigen::OuterStride<>(m.stride));
}
}  // namespace detail
#endif

/// c [rows, columns] = a [rows, depth] · bᵀ, where b is [columns, depth], as linear layers are stored.
inline void product_transposed(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
  assert(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows);
  use_one_product_thread();
#ifdef CENSUS_OPENBLAS
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<blasint>(c.rows), static_cast<blasint>(c.columns),
              static_cast<blasint>(a.columns), 1.f, a.data, static_cast<blasint>(a.stride), b.data,
              static_cast<blasint>(b.stride), 0.f, c.data, static_cast<blasint>(c.stride));
#else
  detail::eigen_view(c).noalias() = detail::eigen_view(a) * detail::eigen_view(b).transpose();
#endif
}

/// c [rows, columns] = a [rows, depth] · b [depth, columns].
inline void product(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
  assert(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns);
  use_one_product_thread();
#ifdef CENSUS_OPENBLAS
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<blasint>(c.rows), static_cast<blasint>(c.columns),
              static_cast<blasint>(a.columns), 1.f, a.data, static_cast<blasint>(a.stride), b.data,
              static_cast<blasint>(b.stride), 0.f, c.data, static_cast<blasint>(c.stride));
#else
  detail::eigen_view(c).noalias() = detail::eigen_view(a) * detail::eigen_view(b);
#endif
}

/// The library of products and its kernel on this CPU: results are the same bytes only where this is the same.
inline std::string blas_description() {
#ifdef CENSUS_OPENBLAS
  return std::string(openblas_get_config()) + ", kernel " + openblas_get_corename();
#else
  return "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
         std::to_string(EIGEN_MINOR_VERSION) + ", kernel " + Eigen::SimdInstructionSetsInUse();
#endif
}

}  // namespace census
