// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
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

/// An open file that is read and written at any offset, by several threads at once if need be. Throws bad_input naming
/// its place where the system refuses: a full disk, say.
class random_access_file {
 public:
  /// Owns an open file descriptor, of the file `place`, which holds `what`.
  random_access_file(int descriptor, std::filesystem::path place, std::string what)
      : file_(descriptor), place_(std::move(place)), what_(std::move(what)) {}
  random_access_file(random_access_file const&) = delete;
  random_access_file& operator=(random_access_file const&) = delete;
  ~random_access_file() { ::close(file_); }

  void write(std::uint64_t offset, std::span<std::byte const> bytes) const {
    transfer(offset, bytes, "written", ::pwrite);
  }

  /// Reads bytes that were written.
  void read(std::uint64_t offset, std::span<std::byte> into) const { transfer(offset, into, "read", ::pread); }

  /// Its file descriptor, for what takes one: a child process. It stays this object's.
  int descriptor() const { return file_; }

  /// Its bytes.
  std::uint64_t size() const {
    struct ::stat status;
    if (::fstat(file_, &status) != 0) fail(place_, what_, "read", errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

  /// Returns when everything that was written has reached the disk.
  void sync() const {
    if (::fsync(file_) != 0) fail(place_, what_, "written", errno);
  }

  [[noreturn]] static void fail(std::filesystem::path const& place, std::string const& what, char const* verb,
                                int error) {
    throw bad_input(place.string(), "the file of " + what + " cannot be " + verb + ": " +
                                        (error != 0 ? std::strerror(error) : "it ends too soon"));
  }

 private:
  template <class Bytes, class Transfer>
  void transfer(std::uint64_t offset, Bytes bytes, char const* verb, Transfer some) const {
    while (!bytes.empty()) {
      errno = 0;
      auto const count = some(file_, bytes.data(), bytes.size(), static_cast<::off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(place_, what_, verb, errno);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
      offset += static_cast<std::uint64_t>(count);
    }
  }

  int file_;
  std::filesystem::path place_;
  std::string what_;
};

}  // namespace census
