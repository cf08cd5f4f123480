// SPDX-License-Identifier: MIT
#pragma once

#include <census/model/matrix.hpp>

#ifdef CENSUS_OPENBLAS
#include <cblas.h>
#include <dlfcn.h>
#else
#include <Eigen/Core>
#endif

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace census {

// The one place where matrices are multiplied: OpenBLAS where CENSUS_OPENBLAS is defined, Eigen elsewhere. The bits of
// a row of a product depend on the product's whole shape and on the library's threads; so a product is one sequence, or
// a tile counted from its start, never several, and the library runs on the caller's thread alone.

namespace detail {
#ifdef CENSUS_OPENBLAS
/// As long as it lives, OpenBLAS works on the calling thread alone, whatever OPENBLAS_NUM_THREADS and OMP_NUM_THREADS
/// say. Told once a process; where OpenBLAS was built with OpenMP, it asks that at each product how many threads the
/// calling one has, so OpenMP is told, and told otherwise afterwards.
class single_threaded_blas {
 public:
  single_threaded_blas() : openmp_threads_(openmp().get_max_threads != nullptr ? openmp().get_max_threads() : 1) {
    if (openmp_threads_ != 1) openmp().set_num_threads(1);
  }
  ~single_threaded_blas() {
    if (openmp_threads_ != 1) openmp().set_num_threads(openmp_threads_);
  }
  single_threaded_blas(single_threaded_blas const&) = delete;
  single_threaded_blas& operator=(single_threaded_blas const&) = delete;

 private:
  struct functions {
    int (*get_max_threads)() = nullptr;
    void (*set_num_threads)(int) = nullptr;
  };
  /// Those of the OpenMP that OpenBLAS came with; none where it came without.
  static functions const& openmp() {
    static functions const found = [] {
      functions of;
      if (openblas_get_parallel() == OPENBLAS_OPENMP) {
        of.get_max_threads = reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "omp_get_max_threads"));
        of.set_num_threads = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
      }
      if (of.get_max_threads == nullptr || of.set_num_threads == nullptr) {
        of = {};
        openblas_set_num_threads(1);
      }
      return of;
    }();
    return found;
  }

  int openmp_threads_;
};
#else
/// The same of Eigen, once a process.
struct single_threaded_blas {
  single_threaded_blas() { [[maybe_unused]] static bool const told = (Eigen::setNbThreads(1), true); }
};

template <class T>
auto eigen_view(matrix_view<T> m) {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using mapped = std::conditional_t<std::is_const_v<T>, matrix const, matrix>;
  return Eigen::Map<mapped, Eigen::Unaligned, Eigen::OuterStride<>>(m.data, m.rows, m.columns,
                                                                    Eigen::OuterStride<>(m.stride));
}
#endif
}  // namespace detail

/// What the library holds for each thread that multiplies, in bytes, at most: OpenBLAS's buffer for the parts of a
/// matrix that it packs (BUFFER_SIZE of its common_x86_64.h). Eigen's blocks fit the caches, and so in there.
inline constexpr std::uint64_t product_buffer_bytes = 32 << 20;

namespace detail {
/// c = a · b, or a · bᵀ.
template <bool Transposed>
void multiply(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
  [[maybe_unused]] single_threaded_blas const alone;
#ifdef CENSUS_OPENBLAS
  cblas_sgemm(CblasRowMajor, CblasNoTrans, Transposed ? CblasTrans : CblasNoTrans, static_cast<blasint>(c.rows),
              static_cast<blasint>(c.columns), static_cast<blasint>(a.columns), 1.f, a.data,
              static_cast<blasint>(a.stride), b.data, static_cast<blasint>(b.stride), 0.f, c.data,
              static_cast<blasint>(c.stride));
#else
  if constexpr (Transposed)
    eigen_view(c).noalias() = eigen_view(a) * eigen_view(b).transpose();
  else
    eigen_view(c).noalias() = eigen_view(a) * eigen_view(b);
#endif
}
}  // namespace detail

/// c [rows, columns] = a [rows, depth] · bᵀ, where b is [columns, depth].
inline void product_transposed(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
  assert(a.columns == b.columns && c.rows == a.rows && c.columns == b.rows);
  detail::multiply<true>(a, b, c);
}

/// c [rows, columns] = a [rows, depth] · b [depth, columns].
inline void product(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
  assert(a.columns == b.rows && c.rows == a.rows && c.columns == b.columns);
  detail::multiply<false>(a, b, c);
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

/// A kernel of OpenBLAS that suits this CPU better than the one it took, or nothing: versions older than a CPU with
/// AVX-512 take one without. It is asked for with OPENBLAS_CORETYPE, before the program starts.
inline std::optional<std::string> better_kernel() {
#if defined(CENSUS_OPENBLAS) && (defined(__x86_64__) || defined(__i386__))
  std::string_view const taken = openblas_get_corename();
  if ((taken == "Haswell" || taken == "Zen") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    return "SkylakeX";
#endif
  return std::nullopt;
}

}  // namespace census
