// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// A regular file, read from its beginning to its end. Between two reads it may rest: then it is closed, so that any
/// number of files can be read side by side, whatever the limit of open files.
class resumable_file {
 public:
  /// Throws bad_input naming the file where it is missing, no regular file, or cannot be read.
  explicit resumable_file(std::filesystem::path const& path) : path_(path.string()) {
    struct stat found {};
    if (::stat(path_.c_str(), &found) != 0) {
      if (errno == ENOENT) throw bad_input(path_, "the file is missing");
      fail();
    }
    if (!S_ISREG(found.st_mode)) throw bad_input(path_, "is no regular file");  // nothing else is opened: a pipe waits
    open();
  }
  resumable_file(resumable_file&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), first_(other.first_), at_(other.at_) {}
  resumable_file& operator=(resumable_file&&) = delete;
  ~resumable_file() { rest(); }

  std::uint64_t size() const { return static_cast<std::uint64_t>(first_.st_size); }

  /// How far it was read.
  std::uint64_t bytes_read() const { return at_; }

  /// Fills `into` as far as there is content; gives how much, 0 at the end. Throws bad_input naming the file where it
  /// cannot be read, or is another than before it rested.
  std::size_t read(std::span<char> into) {
    std::size_t const count = read_at(at_, into);
    at_ += count;
    return count;
  }

  /// The same at any place.
  std::size_t read_at(std::uint64_t at, std::span<char> into) {
    if (file_ < 0) open();
    std::size_t done = 0;
    while (done < into.size()) {
      auto const count = ::pread(file_, into.data() + done, into.size() - done, static_cast<::off_t>(at + done));
      if (count == 0) break;
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail();
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  /// Closes the file until it is read again.
  void rest() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }

 private:
  void open() {
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat now {};
    if (file_ < 0 || ::fstat(file_, &now) != 0) fail();
    if (!S_ISREG(now.st_mode)) throw bad_input(path_, "is no regular file");
    if (first_.st_ino != 0 &&
        (now.st_dev != first_.st_dev || now.st_ino != first_.st_ino || now.st_size < first_.st_size))
      throw bad_input(path_, "has changed while it was read");
    first_ = now;
  }
  [[noreturn]] void fail() const { throw bad_input(path_, std::string("cannot be read: ") + std::strerror(errno)); }

  std::string path_;
  int file_ = -1;
  struct stat first_ {};
  std::uint64_t at_ = 0;
};

/// The size of a file and the sampled_hash of its bytes as they lie there. Throws bad_input naming it where it cannot
/// be read.
inline std::pair<std::uint64_t, std::uint64_t> size_and_hash(std::filesystem::path const& path) {
  resumable_file file(path);
  std::string bytes;
  auto const read = [&](std::uint64_t first, std::uint64_t count) -> std::string_view {
    bytes.resize(static_cast<std::size_t>(count));
    if (file.read_at(first, bytes) != count) throw bad_input(path.string(), "has changed while it was read");
    return bytes;
  };
  return {file.size(), sampled_hash(file.size(), read)};
}

}  // namespace census
