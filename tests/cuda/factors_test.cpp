// SPDX-License-Identifier: MIT
#include <census/cuda/detail/factors.hpp>

#include <support/catch.hpp>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using census::cuda::precision;
using census::cuda::detail::to_bfloat16;
using census::cuda::detail::to_half;
using census::cuda::detail::write_factors;

namespace {

/// The bits of a rounded number as CUDA's own header gives them (the emulator's, where the toolkit is away).
std::uint16_t half_of_cuda(float value) { return std::bit_cast<std::uint16_t>(__float2half_rn(value)); }
std::uint16_t bfloat16_of_cuda(float value) { return std::bit_cast<std::uint16_t>(__float2bfloat16_rn(value)); }

/// Numbers that round one way or the other: those of 16 bits, the middle between each and the next, and its neighbours.
template <class Widen>
std::vector<float> numbers_near(std::uint32_t infinite, Widen widen) {
  std::vector<float> numbers;
  for (std::uint32_t bits = 0; bits < infinite; ++bits) {
    double const value = widen(static_cast<std::uint16_t>(bits));
    double const next = bits + 1 < infinite ? widen(static_cast<std::uint16_t>(bits + 1)) : 2 * value;
    auto const middle = static_cast<float>((value + next) / 2);
    for (float const number :
         {static_cast<float>(value), middle, std::nextafter(middle, 0.f), std::nextafter(middle, 1e38f)})
      numbers.push_back(number), numbers.push_back(-number);
  }
  return numbers;
}

template <class Ours, class Theirs>
std::size_t differing(std::vector<float> const& numbers, Ours ours, Theirs theirs) {
  std::size_t count = 0;
  for (float const number : numbers) count += ours(number) != theirs(number);
  return count;
}

}  // namespace

TEST_CASE("numbers are rounded to half precision as on a device, also where they are denormal or too large") {
  auto numbers = numbers_near(0x7c00, [](std::uint16_t bits) { return __half2float(std::bit_cast<__half>(bits)); });
  for (float const more : {65519.996f, 65520.f, 1e30f, std::numeric_limits<float>::infinity(), 1e-45f, 2.98e-8f})
    numbers.push_back(more), numbers.push_back(-more);
  CHECK(differing(numbers, to_half, half_of_cuda) == 0);
  CHECK((to_half(1.f) == 0x3c00 && to_half(65504.f) == 0x7bff && to_half(65520.f) == 0x7c00));
  CHECK((to_half(std::numeric_limits<float>::quiet_NaN()) & 0x7fff) > 0x7c00);
}

TEST_CASE("numbers are rounded to bfloat16 as on a device") {
  auto const numbers =
      numbers_near(0x7f80, [](std::uint16_t bits) { return __bfloat162float(std::bit_cast<__nv_bfloat16>(bits)); });
  CHECK(differing(numbers, to_bfloat16, bfloat16_of_cuda) == 0);
  CHECK((to_bfloat16(1.f) == 0x3f80 && to_bfloat16(-std::numeric_limits<float>::infinity()) == 0xff80));
  CHECK((to_bfloat16(std::numeric_limits<float>::quiet_NaN()) & 0x7fff) > 0x7f80);
  CHECK((to_bfloat16(std::bit_cast<float>(0xffffffffu)) & 0x7fff) > 0x7f80);
}

TEST_CASE("a matrix becomes factors, with zeros wherever it has none, and says whether all are finite") {
  census::padded_matrix from(2, 3);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j) from.row(i)[j] = static_cast<float>(1 + 3 * i + j);
  std::vector<std::uint16_t> halves(3 * 16, 0xffff);
  auto const into = [](auto& factors) { return reinterpret_cast<std::byte*>(factors.data()); };
  CHECK(write_factors(from.view(), precision::half, 3, 16, into(halves)));
  std::vector<float> floats(3 * 16, -1);
  CHECK(write_factors(from.view(), precision::tf32, 3, 16, into(floats)));
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 16; ++j) {
      float const expected = i < 2 && j < 3 ? from.row(i)[j] : 0.f;
      CHECK(halves[16 * i + j] == to_half(expected));
      CHECK(floats[16 * i + j] == expected);
    }
  from.row(1)[2] = 70'000;
  CHECK_FALSE(write_factors(from.view(), precision::half, 3, 16, into(halves)));
  CHECK(write_factors(from.view(), precision::bfloat16, 3, 16, into(halves)));
}
