// SPDX-License-Identifier: MIT
#pragma once

#include <census/cuda/detail/device.hpp>
#include <census/cuda/detail/device_array.hpp>
#include <census/cuda/detail/pinned_array.hpp>
#include <census/cuda/detail/stream.hpp>
#include <census/cuda/error.hpp>
#include <census/model/matrix.hpp>
#include <census/scratch_file.hpp>

#include <cuda_runtime.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace census::cuda::detail {

/// Where the residual streams of a pass's texts wait between layers: those of the first texts on the device, as many as
/// fit; others in page-locked memory of the host, then in a nameless file. These go to the device and back through
/// `buffers` pieces of its memory, in streams of their own, beside the arithmetic in the device's stream. Values come
/// back bit for bit.
class residual_streams {
 public:
  /// On the device, for texts that wait elsewhere: one arrives, one is worked on, one leaves.
  static constexpr std::size_t buffers = 3;

  struct memory {
    std::uint64_t on_device = 0, on_host = 0;  ///< bytes for texts that wait there, buffers aside
    std::filesystem::path folder = ".";        ///< where the file lies
  };

  /// `rows` of each text, `columns` of every row. The device has to be the current one, here and in all calls. Throws
  /// bad_input naming the folder where no file can be made in it, device_error where memory is short.
  residual_streams(std::shared_ptr<device const> on, std::span<std::size_t const> rows, std::size_t columns,
                   memory const& most)
      : on_(std::move(on)), columns_(columns) {
    std::uint64_t on_device = 0, on_host = 0, in_file = 0;
    std::size_t longest = 0;  // of the texts that wait elsewhere
    for (std::size_t const count : rows) {
      std::uint64_t const size = bytes(count, columns);
      place& here = places_.emplace_back(place{.rows = count});
      if (longest == 0 && size <= most.on_device - on_device) {
        on_device += size;
        continue;
      }
      longest = std::max(longest, count);
      here.waits = in_file == 0 && size <= most.on_host - on_host ? on_host_memory : in_the_file;
      if (here.waits == on_host_memory)
        on_host += size;
      else
        here.offset = std::exchange(in_file, in_file + size);
    }
    if (in_file > 0) file_.emplace(most.folder, "residual streams");
    if (longest > 0)
      for (buffer& one : buffers_) one.floats = {on_, floats(longest), uploads_.get()};
  }

  /// Bytes of a text's residual stream.
  static std::uint64_t bytes(std::uint64_t rows, std::size_t columns) { return 4 * rows * padded(columns); }

  /// Starts to bring a text to the device, where it waits elsewhere. At most one text is on its way at a time.
  void fetch(std::size_t text) {
    place& here = places_[text];
    if (here.waits == on_the_device || here.at != nullptr) return;
    here.at = &buffers_[next_buffer_++ % buffers];
    here.at->left.hold(uploads_.get());
    here.left.hold(uploads_.get());
    if (here.written) bring(text);
    here.at->arrived.record(uploads_.get());
  }

  /// A text's residual stream [row, padded(column)], for work in the device's stream, until it is put back or released;
  /// unspecified before it was put back for the first time.
  float* take(std::size_t text) {
    place& here = places_[text];
    if (here.waits == on_the_device) {
      if (here.on_device.size() == 0) here.on_device = {on_, floats(here.rows)};
      return here.on_device.data();
    }
    fetch(text);
    here.at->arrived.hold(on_->stream());
    return here.at->floats.data();
  }

  /// Keeps what the work that is in the device's stream now writes to it.
  void put_back(std::size_t text) {
    place& here = places_[text];
    if (here.waits == on_the_device) return;
    let_wait(downloads_.get(), on_->stream());
    if (here.waits == on_host_memory) {
      if (here.on_host.size() == 0) here.on_host = pinned_array<float>(floats(here.rows));
      copy_down(here, here.on_host);
    } else {
      staging& out = leaving_[next_leaving_++ % leaving_.size()];
      write_to_file(out);
      make_room(out.floats, floats(here.rows));
      copy_down(here, out.floats);
      out.copied.record(downloads_.get());
      out.text = text;
    }
    here.left.record(downloads_.get());
    here.at->left.record(downloads_.get());
    here.at = nullptr, here.written = true;
  }

  /// A text's residual stream is no longer of use once the work that is in the device's stream now has run.
  void release(std::size_t text) {
    place& here = places_[text];
    if (here.at != nullptr) std::exchange(here.at, nullptr)->left.record(on_->stream());
  }

 private:
  enum whereabouts { on_the_device, on_host_memory, in_the_file };

  // Device memory of a text that waits elsewhere: when that has arrived there, and when it has left again.
  struct buffer {
    device_array<float> floats;
    event arrived, left;
  };

  // Page-locked memory between file and device: a copy runs at a time.
  struct staging {
    pinned_array<float> floats;
    event copied;
    std::optional<std::size_t> text = {};  // that has left the device and is to be written
  };

  struct place {
    std::size_t rows;
    whereabouts waits = on_the_device;
    std::uint64_t offset = 0;            // in the file
    device_array<float> on_device = {};  // of a text that waits there
    pinned_array<float> on_host = {};    // likewise
    buffer* at = nullptr;                // while it is on the device without waiting there
    bool written = false;
    event left = {};  // the device, last
  };

  std::size_t floats(std::size_t rows) const { return rows * padded(columns_); }
  std::span<float> part(place const& here, pinned_array<float> const& all) const {
    return {all.data(), floats(here.rows)};
  }
  static void make_room(pinned_array<float>& into, std::size_t size) {
    if (into.size() < size) into = pinned_array<float>(size);
  }

  void bring(std::size_t text) {
    place& here = places_[text];
    if (here.waits == on_host_memory) return copy_up(here, here.on_host);
    for (staging& out : leaving_)
      if (out.text == text) write_to_file(out);
    staging& in = arriving_[next_arriving_++ % arriving_.size()];
    in.copied.wait();
    make_room(in.floats, floats(here.rows));
    file_->read(here.offset, std::as_writable_bytes(part(here, in.floats)));
    copy_up(here, in.floats);
    in.copied.record(uploads_.get());
  }

  void write_to_file(staging& out) {
    out.copied.wait();
    if (!out.text) return;
    place const& here = places_[*out.text];
    out.text.reset();
    file_->write(here.offset, std::as_bytes(part(here, out.floats)));
  }

  void copy_up(place const& here, pinned_array<float> const& from) {
    auto const all = part(here, from);
    check(cudaMemcpyAsync(here.at->floats.data(), all.data(), all.size_bytes(), cudaMemcpyHostToDevice, uploads_.get()),
          "cudaMemcpyAsync");
  }
  void copy_down(place const& here, pinned_array<float> const& into) {
    auto const all = part(here, into);
    check(
        cudaMemcpyAsync(all.data(), here.at->floats.data(), all.size_bytes(), cudaMemcpyDeviceToHost, downloads_.get()),
        "cudaMemcpyAsync");
  }

  std::shared_ptr<device const> on_;
  std::size_t columns_;
  std::vector<place> places_;
  std::array<buffer, buffers> buffers_;
  std::array<staging, 2> arriving_, leaving_;
  std::size_t next_buffer_ = 0, next_arriving_ = 0, next_leaving_ = 0;
  std::optional<scratch_file> file_;
  stream uploads_, downloads_;  // go first, and wait for the copies in them
};

}  // namespace census::cuda::detail
