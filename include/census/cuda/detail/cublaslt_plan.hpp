// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/error.hpp>
#include <census/cuda/precision.hpp>
#include <census/cuda/products.hpp>

#include <cublasLt.h>
#include <cuda_runtime.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace census::cuda::detail {

/// Throws device_error where a call of cuBLASLt did not succeed.
inline void check(cublasStatus_t status, char const* call) {
  if (status != CUBLAS_STATUS_SUCCESS) throw device_error(call, cublasLtGetStatusName(status));
}

/// Something that cuBLASLt has made, owned.
template <class Handle, cublasStatus_t (*Destroy)(Handle)>
class cublaslt_handle {
 public:
  /// create(Handle*) makes it.
  template <class Create>
  cublaslt_handle(char const* call, Create const& create) {
    check(create(&handle_), call);
  }
  cublaslt_handle(cublaslt_handle const&) = delete;
  cublaslt_handle& operator=(cublaslt_handle const&) = delete;
  ~cublaslt_handle() { Destroy(handle_); }

  Handle get() const { return handle_; }

 private:
  Handle handle_ = nullptr;
};

/// A row-major matrix, or several, for cuBLASLt, which takes them for column-major and so for the transposed ones.
class cublaslt_matrix {
 public:
  cublaslt_matrix(cudaDataType type, std::size_t rows, std::size_t columns, std::size_t stride)
      : layout_("cublasLtMatrixLayoutCreate", [&](cublasLtMatrixLayout_t* made) {
          return cublasLtMatrixLayoutCreate(made, type, columns, rows, static_cast<std::int64_t>(stride));
        }) {}

  void set_batch(std::size_t count, std::size_t distance) {
    set(CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, static_cast<std::int32_t>(count));
    set(CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, static_cast<std::int64_t>(distance));
  }
  cublasLtMatrixLayout_t get() const { return layout_.get(); }

 private:
  template <class T>
  void set(cublasLtMatrixLayoutAttribute_t attribute, T value) {
    check(cublasLtMatrixLayoutSetAttribute(get(), attribute, &value, sizeof value), "cublasLtMatrixLayoutSetAttribute");
  }

  cublaslt_handle<cublasLtMatrixLayout_t, cublasLtMatrixLayoutDestroy> layout_;
};

/// How cuBLASLt multiplies matrices of a shape: by the first algorithm that its heuristics name which sums a row and a
/// column in one go. Chosen by the shape and the card alone, and kept.
class cublaslt_plan {
 public:
  cublaslt_plan(cublasLtHandle_t library, precision p, product_shape const& shape, std::size_t workspace_bytes)
      : library_(library), operation_("cublasLtMatmulDescCreate",
                                      [&](cublasLtMatmulDesc_t* made) {
                                        return cublasLtMatmulDescCreate(made, compute_type(p), CUDA_R_32F);
                                      }),
        a_(factor_type(p), shape.rows, shape.depth, shape.a_stride),
        b_(factor_type(p), shape.b_transposed ? shape.columns : shape.depth,
           shape.b_transposed ? shape.depth : shape.columns, shape.b_stride),
        c_(CUDA_R_32F, shape.rows, shape.columns, shape.c_stride) {
    cublasOperation_t const of_b = shape.b_transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
    check(cublasLtMatmulDescSetAttribute(operation_.get(), CUBLASLT_MATMUL_DESC_TRANSA, &of_b, sizeof of_b),
          "cublasLtMatmulDescSetAttribute");
    if (shape.many)  // judged by a usual number of them, however many will be multiplied
      set_batch({usual_batch, shape.rows * shape.a_stride,
                 (shape.b_transposed ? shape.columns : shape.depth) * shape.b_stride, shape.rows * shape.c_stride});
    choose_algorithm(workspace_bytes);
  }

  /// As product_engine says.
  void multiply(void const* a, void const* b, float* c, product_batch const& batch, std::span<std::byte> workspace,
                cudaStream_t stream) {
    set_batch(batch);
    float const one = 1, zero = 0;  // row-major c = a · b is column-major cᵀ = bᵀ · aᵀ
    check(cublasLtMatmul(library_, operation_.get(), &one, b, b_.get(), a, a_.get(), &zero, c, c_.get(), c, c_.get(),
                         &algorithm_, workspace.data(), workspace.size(), stream),
          "cublasLtMatmul");
  }

 private:
  using preference = cublaslt_handle<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy>;

  static constexpr std::size_t usual_batch = 32;

  static cublasComputeType_t compute_type(precision p) {
    return p == precision::tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  }
  static cudaDataType factor_type(precision p) {
    if (p == precision::half) return CUDA_R_16F;
    return p == precision::bfloat16 ? CUDA_R_16BF : CUDA_R_32F;
  }

  void set_batch(product_batch const& batch) {
    a_.set_batch(batch.count, batch.a_distance);
    b_.set_batch(batch.count, batch.b_distance);
    c_.set_batch(batch.count, batch.c_distance);
  }

  template <class T>
  static void set(preference const& of, cublasLtMatmulPreferenceAttributes_t attribute, T value) {
    check(cublasLtMatmulPreferenceSetAttribute(of.get(), attribute, &value, sizeof value),
          "cublasLtMatmulPreferenceSetAttribute");
  }

  void choose_algorithm(std::size_t workspace_bytes) {
    preference const wanted("cublasLtMatmulPreferenceCreate", cublasLtMatmulPreferenceCreate);
    set(wanted, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, static_cast<std::uint64_t>(workspace_bytes));
    set(wanted, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, static_cast<std::uint32_t>(CUBLASLT_REDUCTION_SCHEME_NONE));
    for (auto const alignment :
         {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
          CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES})
      set(wanted, alignment, std::uint32_t{16});  // rows start there, wherever the matrix does

    std::array<cublasLtMatmulHeuristicResult_t, 16> found;
    int count = 0;
    check(cublasLtMatmulAlgoGetHeuristic(library_, operation_.get(), b_.get(), a_.get(), c_.get(), c_.get(),
                                         wanted.get(), static_cast<int>(found.size()), found.data(), &count),
          "cublasLtMatmulAlgoGetHeuristic");
    for (auto const& one : std::span(found).first(static_cast<std::size_t>(count)))
      if (one.state == CUBLAS_STATUS_SUCCESS && sums_in_one_go(one.algo)) {
        algorithm_ = one.algo;
        return;
      }
    throw device_error("cublasLtMatmulAlgoGetHeuristic", "no algorithm sums without splitting the depth");
  }

  static bool sums_in_one_go(cublasLtMatmulAlgo_t const& algorithm) {
    std::int32_t parts = 1;
    std::size_t written = 0;
    check(cublasLtMatmulAlgoConfigGetAttribute(&algorithm, CUBLASLT_ALGO_CONFIG_SPLITK_NUM, &parts, sizeof parts,
                                               &written),
          "cublasLtMatmulAlgoConfigGetAttribute");
    return parts == 0 || parts == 1;
  }

  cublasLtHandle_t library_;
  cublaslt_handle<cublasLtMatmulDesc_t, cublasLtMatmulDescDestroy> operation_;
  cublaslt_matrix a_, b_, c_;
  cublasLtMatmulAlgo_t algorithm_{};
};

}  // namespace census::cuda::detail
