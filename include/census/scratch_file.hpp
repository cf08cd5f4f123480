// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

namespace census {

/// A nameless file for what does not fit into memory; it goes with the object, or with the process. May be read by
/// several threads at once.
class scratch_file {
 public:
  /// Lies in `folder`; `what` it holds is said in errors. Throws bad_input naming the folder where no file can be made
  /// in it.
  scratch_file(std::filesystem::path folder, std::string what) : folder_(std::move(folder)), what_(std::move(what)) {
    std::string name = (folder_ / "census-XXXXXX").string();
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) fail("made");
    ::unlink(name.c_str());
  }
  scratch_file(scratch_file const&) = delete;
  scratch_file& operator=(scratch_file const&) = delete;
  ~scratch_file() { ::close(file_); }

  /// Writes bytes at an offset. Throws bad_input naming the folder where that fails: a full disk, say.
  void write(std::uint64_t offset, std::span<std::byte const> bytes) const {
    transfer(offset, bytes, "written", ::pwrite);
  }

  /// Reads bytes that were written. Throws bad_input naming the folder where that fails.
  void read(std::uint64_t offset, std::span<std::byte> into) const { transfer(offset, into, "read", ::pread); }

 private:
  template <class Bytes, class Transfer>
  void transfer(std::uint64_t offset, Bytes bytes, char const* verb, Transfer some) const {
    while (!bytes.empty()) {
      errno = 0;
      auto const count = some(file_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(verb);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

  [[noreturn]] void fail(char const* verb) const {
    std::string const error = std::strerror(errno);
    throw bad_input(folder_.string(), "the file of " + what_ + " cannot be " + verb + ": " + error);
  }

  std::filesystem::path folder_;
  std::string what_;
  int file_ = -1;
};

}  // namespace census
