// SPDX-License-Identifier: MIT
// What matrices take.
#pragma once

#include <census/model/matrix.hpp>

#include <cstdint>
#include <initializer_list>

inline std::uint64_t bytes_of(std::initializer_list<census::padded_matrix const*> matrices) {
  std::uint64_t bytes = 0;
  for (auto const* m : matrices) bytes += m->rows() * census::padded(m->columns()) * sizeof(float);
  return bytes;
}
