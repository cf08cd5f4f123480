// SPDX-License-Identifier: MIT
#include <census/cuda/detail/residual_streams.hpp>

#include <cuda/support/device.hpp>
#include <support/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

namespace {

using census::cuda::detail::check;
using census::cuda::detail::residual_streams;

std::vector<std::size_t> const streamed_rows{3, 5, 1, 4, 2, 5, 4};  // of each text
constexpr std::size_t streamed_columns = 20;

float residual_value(std::size_t text, std::size_t i, int layer) {
  return static_cast<float>(10'000 * text + i) + 0.25f * static_cast<float>(layer);
}

/// What works on residual streams, in the place of a model: notes what it finds, and leaves other values.
class noted_layers {
 public:
  explicit noted_layers(std::shared_ptr<census::cuda::detail::device const> on) : on_(std::move(on)) {}

  void run(residual_streams& streams, int layers) {
    std::size_t const texts = streamed_rows.size();
    for (int layer = 0; layer < layers; ++layer)
      for (std::size_t text = 0; text < texts; ++text) {
        run_text(streams.take(text), text, layer);
        layer + 1 < layers ? streams.put_back(text) : streams.release(text);
        if (text + 1 < texts || layer + 1 < layers) streams.fetch((text + 1) % texts);
      }
    census::cuda::detail::wait_for(on_->stream());
  }

  /// Whether each layer but the first found what the one before it had left.
  bool all_as_left() const {
    for (auto const& [at, found] : found_)
      for (std::size_t i = 0; i < found.size(); ++i)
        if (at.first > 0 && found.data()[i] != residual_value(at.second, i, at.first - 1)) return false;
    return found_.size() > streamed_rows.size();
  }

 private:
  using array = census::cuda::detail::pinned_array<float>;

  void run_text(float* residual, std::size_t text, int layer) {
    std::size_t const size = streamed_rows[text] * census::padded(streamed_columns), bytes = size * sizeof(float);
    array found(size), left(size);
    for (std::size_t i = 0; i < size; ++i) left.data()[i] = residual_value(text, i, layer);
    check(cudaMemcpyAsync(found.data(), residual, bytes, cudaMemcpyDeviceToHost, on_->stream()), "cudaMemcpyAsync");
    check(cudaMemcpyAsync(residual, left.data(), bytes, cudaMemcpyHostToDevice, on_->stream()), "cudaMemcpyAsync");
    found_[{layer, text}] = std::move(found);
    left_.push_back(std::move(left));
  }

  std::shared_ptr<census::cuda::detail::device const> on_;
  std::map<std::pair<int, std::size_t>, array> found_;
  std::vector<array> left_;
};

}  // namespace

TEST_CASE("residual streams come back bit for bit, from the device, from the host's memory or from a file") {
  auto const on = census::cuda::detail::device::open(0);
  std::uint64_t const row = residual_streams::bytes(1, streamed_columns);
  census_test::in_each_schedule([&] {
    for (std::uint64_t const on_device : {0, 3, 20, 24})
      for (std::uint64_t const on_host : {0, 5, 24}) {
        CAPTURE(on_device, on_host);
        residual_streams streams(
            on, streamed_rows, streamed_columns,
            {.on_device = on_device * row, .on_host = on_host * row, .folder = std::filesystem::temp_directory_path()});
        noted_layers layers(on);
        layers.run(streams, 4);
        CHECK(layers.all_as_left());
      }
  });
}

TEST_CASE("a folder in which no file of residual streams can be made is refused, and only where one is needed") {
  auto const on = census::cuda::detail::device::open(0);
  auto const in = [&](std::uint64_t on_host) {
    residual_streams(on, streamed_rows, streamed_columns, {.on_host = on_host, .folder = "/nonexistent-folder"});
  };
  CHECK_NOTHROW(in(1 << 20));
  CHECK_THROWS_WITH(in(0), Catch::Contains("/nonexistent-folder: the file of residual streams cannot be made"));
}
