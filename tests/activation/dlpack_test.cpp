// SPDX-License-Identifier: MIT
#include <census/activation/dlpack.hpp>

#include "lender.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace census_test;

template <class Managed>
std::string complaint(lender<Managed>& from) {
  std::array<float, 64> data{};
  auto const said = census_test::complaint_about("DLPack tensor", [&] { census::values_of(from.lend(data.data())); });
  CHECK(from.given_back == 1);
  return said;
}

}  // namespace

TEST_CASE("float32 activations in host memory are shared, and given back with the last copy") {
  std::array<float, 24> data{};
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<float>(i);
  lender<> plain{{2, 3, 4}};
  {
    auto const values = census::values_of(plain.lend(data.data()));
    CHECK(values.rows() == 6);
    CHECK(values.neurons() == 4);
    CHECK(values.row(0).data() == data.data());
    CHECK(values.row(5)[3] == 23);
    auto const copy = values;
    CHECK(plain.given_back == 0);
  }
  CHECK(plain.given_back == 1);

  lender<versioned_tensor> padded{{3, 2}, {8, 1}};  // rows 8 numbers apart, the first number left out
  padded.tensor.dl_tensor.byte_offset = sizeof(float);
  auto const values = census::values_of(padded.lend(data.data()));
  CHECK(values.row(2).data() == data.data() + 17);
}

TEST_CASE("half precision is copied as float32, and given back at once") {
  std::array<std::uint16_t, 4> bits{0x3c00, 0xc000, 0x0001, 0x7bff};
  lender<> half{{2, 2}};
  half.tensor.dl_tensor.dtype.bits = 16;
  auto const values = census::values_of(half.lend(bits.data()));
  CHECK(half.given_back == 1);
  CHECK((values.row(0)[0] == 1 && values.row(0)[1] == -2 && values.row(1)[0] == 0x1p-24f && values.row(1)[1] == 65504));

  std::array<std::uint16_t, 2> brain{0x3f80, 0xc040};
  lender<> bfloat{{1, 2}};
  bfloat.tensor.dl_tensor.dtype = {4, 16, 1};
  auto const firings =
      census::make_block(0, census::share({{7}, {{.length = 1}}}), bfloat.lend(brain.data())).firings();
  CHECK(firings.row(0)[0] == 1);
}

TEST_CASE("a tensor that cannot be read is refused by name, and given back") {
  lender<> on_device{{2, 4}}, doubles{{2, 4}}, one_dimension{{4}}, transposed{{4, 2}, {1, 4}},
      uneven{{2, 2, 4}, {20, 4, 1}}, overlapping{{3, 4}, {2, 1}}, negative{{-1, 4}};
  on_device.tensor.dl_tensor.device.device_type = 2;
  doubles.tensor.dl_tensor.dtype.bits = 64;
  CHECK(complaint(on_device) == "lies on a device; census::cuda reads those of CUDA");
  CHECK(complaint(doubles) == "is of 64-bit numbers of code 2, neither float32, float16 nor bfloat16");
  CHECK(complaint(one_dimension) == "has fewer than two dimensions: [..., neuron] is asked for");
  CHECK(complaint(transposed) == "has neurons that do not lie side by side; make it contiguous");
  CHECK(complaint(uneven) == "has rows at no even distance; make it contiguous");
  CHECK(complaint(overlapping) == "has rows that overlap");
  CHECK(complaint(negative) == "has a shape that cannot be");
  lender<versioned_tensor> newer{{2, 4}};
  newer.tensor.version.major = 2;
  CHECK(complaint(newer) == "is of version 2, not 1");
}
