// SPDX-License-Identifier: MIT
#include <census/cuda/dlpack.hpp>

#include <cuda/support/callers.hpp>
#include <cuda/support/device.hpp>
#include <support/catch.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

// As <dlpack/dlpack.h> declares them.
enum DLDeviceType : std::int32_t { kDLCPU = 1, kDLCUDA = 2, kDLCUDAHost = 3, kDLCUDAManaged = 13 };
struct DLDevice {
  DLDeviceType device_type;
  std::int32_t device_id;
};
struct DLDataType {
  std::uint8_t code, bits;
  std::uint16_t lanes;
};
struct DLTensor {
  void* data;
  DLDevice device;
  std::int32_t ndim;
  DLDataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;
  std::uint64_t byte_offset;
};
struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor*);
};
struct DLManagedTensorVersioned {
  struct {
    std::uint32_t major, minor;
  } version;
  void* manager_ctx;
  void (*deleter)(DLManagedTensorVersioned*);
  std::uint64_t flags;
  DLTensor dl_tensor;
};

static_assert(census::dlpack_tensor<DLManagedTensor>);
static_assert(census::dlpack_tensor<DLManagedTensorVersioned>);
static_assert(!census::dlpack_tensor<DLTensor>);  // nobody to give it back to
static_assert(!census::dlpack_tensor<std::vector<float>>);

/// A tensor of somebody else's, and how often it was given back.
template <class Managed>
struct lent {
  explicit lent(void* data, std::vector<std::int64_t> in_shape,
                std::optional<std::vector<std::int64_t>> in_strides = {})
      : shape(std::move(in_shape)), strides(std::move(in_strides)) {
    tensor.dl_tensor = {.data = data,
                        .device = {kDLCUDA, 0},
                        .ndim = static_cast<std::int32_t>(shape.size()),
                        .dtype = {2, 32, 1},
                        .shape = shape.data(),
                        .strides = strides ? strides->data() : nullptr,
                        .byte_offset = 0};
    tensor.manager_ctx = this;
    tensor.deleter = [](Managed* mine) {
      auto const self = static_cast<lent*>(mine->manager_ctx);
      ++self->given_back;
      if (self->at_the_end) self->at_the_end();
    };
    if constexpr (requires { tensor.version; }) tensor.version = {1, 0};
  }
  lent(lent const&) = delete;

  std::vector<std::int64_t> shape;
  std::optional<std::vector<std::int64_t>> strides;
  Managed tensor{};
  int given_back = 0;
  std::function<void()> at_the_end;
};

/// What is said of a tensor that is refused; it must have been given back.
template <class Managed>
std::string refusal(lent<Managed>& one) {
  try {
    census::cuda::pack(&one.tensor, nullptr);
  } catch (census::bad_input const& error) {
    return one.given_back == 1 ? error.what() : "was not given back";
  }
  return "was not refused";
}

std::vector<float> some_values(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(i * i % 7 < 3 ? 1.f : -1.f);
  return values;
}

/// The rows chosen, of so many neurons each.
census::packed_firings rows_at(std::vector<float> const& values, std::vector<std::size_t> const& firsts,
                               std::size_t neurons) {
  std::vector<float> dense;
  for (std::size_t const first : firsts)
    for (std::size_t n = 0; n < neurons; ++n) dense.push_back(values[first + n]);
  return census::pack({std::move(dense), neurons});
}

}  // namespace

TEST_CASE("a tensor on a device is packed where it lies, in any shape whose rows lie at one distance") {
  auto const values = some_values(200);
  auto const there = census_test::on_device(values);
  auto const check = [&](lent<DLManagedTensor>&& one, census::packed_firings const& expected) {
    CHECK(census_test::same_bits(census::cuda::pack(&one.tensor, nullptr).on_host(), expected));
    CHECK(one.given_back == 1);
  };
  check(lent<DLManagedTensor>(there.get(), {3, 5}), rows_at(values, {0, 5, 10}, 5));
  check(lent<DLManagedTensor>(there.get(), {3, 5}, std::vector<std::int64_t>{8, 1}), rows_at(values, {0, 8, 16}, 5));
  check(lent<DLManagedTensor>(there.get(), {2, 3, 5}), rows_at(values, {0, 5, 10, 15, 20, 25}, 5));
  check(lent<DLManagedTensor>(there.get(), {2, 1, 2, 5}, std::vector<std::int64_t>{14, 99, 7, 1}),
        rows_at(values, {0, 7, 14, 21}, 5));
  check(lent<DLManagedTensor>(there.get(), {1, 5}, std::vector<std::int64_t>{0, 1}), rows_at(values, {0}, 5));
  check(lent<DLManagedTensor>(there.get(), {3, 1}, std::vector<std::int64_t>{4, 9}), rows_at(values, {0, 4, 8}, 1));
  check(lent<DLManagedTensor>(nullptr, {0, 5}), rows_at(values, {}, 5));

  lent<DLManagedTensor> further(there.get(), {2, 5});
  further.tensor.dl_tensor.byte_offset = 12;
  check(std::move(further), rows_at(values, {3, 8}, 5));
}

TEST_CASE("tensors with a version, and of half the width, are packed as well") {
  auto const there = census_test::on_device(std::vector<std::uint16_t>{0x3c00, 0x8000, 0xbf80, 0x0001, 0, 0x7c00});
  for (std::uint8_t const code : {2, 4}) {
    lent<DLManagedTensorVersioned> one(there.get(), {2, 3});
    one.tensor.dl_tensor.dtype = {code, 16, 1};
    auto const packed = census::cuda::pack(&one.tensor, nullptr).on_host();
    CHECK(one.given_back == 1);
    CHECK(packed.row(0)[0] == 0b001);
    CHECK(packed.row(1)[0] == 0b101);
  }
  lent<DLManagedTensor> nobodys(there.get(), {1, 1});
  nobodys.tensor.deleter = nullptr;
  CHECK_NOTHROW(census::cuda::pack(&nobodys.tensor, nullptr));
}

TEST_CASE("a tensor is given back when it has been packed, not before, and also where a NaN is in it") {
  census_test::in_each_schedule([] {
    auto const values = some_values(60);
    std::vector<float> const others(60, std::numeric_limits<float>::quiet_NaN());
    auto const there = census_test::on_device(values);
    lent<DLManagedTensor> one(there.get(), {6, 10});
    one.at_the_end = [&] { cudaMemcpy(there.get(), others.data(), 240, cudaMemcpyHostToDevice); };  // its owner goes on
    census::cuda::detail::stream callers;
    auto const packed = census::cuda::pack(&one.tensor, callers.get());
    CHECK(one.given_back == 1);
    CHECK(census_test::same_bits(packed.on_host(), rows_at(values, {0, 10, 20, 30, 40, 50}, 10)));
    lent<DLManagedTensor> again(there.get(), {6, 10});
    CHECK(refusal(again) == "row 0, neuron 0: the activation is NaN");
  });
}

TEST_CASE("a block from a tensor names its layer where a NaN is in it") {
  auto const there = census_test::on_device(std::vector<float>{1, -1, 2, std::numeric_limits<float>::quiet_NaN()});
  auto const text = census::share({{1, 2}, {{.length = 2}}});
  lent<DLManagedTensor> one(there.get(), {2, 1}), two(there.get(), {2, 2});
  auto const block = census::cuda::make_block(3, text, &one.tensor, nullptr);
  CHECK(block.layer() == 3);
  CHECK(block.text() == text);
  CHECK_FALSE(block.firings().on_host().fires(1, 0));
  CHECK_THROWS_WITH(census::cuda::make_block(4, text, &two.tensor, nullptr),
                    "layer 4: row 1, neuron 1: the activation is NaN");
  CHECK(one.given_back + two.given_back == 2);
}

TEST_CASE("tensors that cannot be read are refused by name and given back") {
  auto const there = census_test::on_device(some_values(200));
  using managed = lent<DLManagedTensor>;
  using strides = std::vector<std::int64_t>;
  auto const about = [](managed&& one) { return refusal(one); };
  CHECK(about(managed(there.get(), {5})) == "DLPack tensor: has fewer than two dimensions: [..., neuron] is asked for");
  CHECK(about(managed(there.get(), {3, 5}, strides{1, 3})) ==
        "DLPack tensor: has neurons that do not lie side by side; make it contiguous");
  CHECK(about(managed(there.get(), {3, 5}, strides{4, 1})) == "DLPack tensor: has rows that overlap");
  CHECK(about(managed(there.get(), {3, 5}, strides{0, 1})) == "DLPack tensor: has rows that overlap");
  CHECK(about(managed(there.get(), {3, 5}, strides{-5, 1})) == "DLPack tensor: has rows that overlap");
  for (std::int64_t const outer : {25, 29, 33, 0, -15})
    CHECK(about(managed(there.get(), {2, 3, 5}, strides{outer, 5, 1})) ==
          "DLPack tensor: has rows at no even distance; make it contiguous");
  CHECK(about(managed(there.get(), {-3, 5})) == "DLPack tensor: has a shape that cannot be");
  CHECK(about(managed(there.get(), {3, -5})) == "DLPack tensor: has a shape that cannot be");
  CHECK(about(managed(there.get(), {std::int64_t{1} << 40, std::int64_t{1} << 40, 5})) ==
        "DLPack tensor: has a shape that cannot be");

  auto const with = [&](auto change) {
    managed one(there.get(), {3, 5});
    change(one.tensor.dl_tensor);
    return refusal(one);
  };
  CHECK(with([](DLTensor& t) { t.device.device_type = kDLCPU; }) == "DLPack tensor: lies on no CUDA device");
  CHECK(with([](DLTensor& t) { t.device.device_type = kDLCUDAHost; }) == "DLPack tensor: lies on no CUDA device");
  for (DLDataType const type : {DLDataType{2, 64, 1}, {0, 32, 1}, {4, 32, 1}, {2, 32, 4}, {2, 8, 1}})
    CHECK(with([&](DLTensor& t) { t.dtype = type; }).ends_with("neither float32, float16 nor bfloat16"));
  lent<DLManagedTensorVersioned> later(there.get(), {3, 5});
  later.tensor.version = {2, 0};
  CHECK(refusal(later) == "DLPack tensor: is of version 2, not 1");
}
