// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// A regular file, read from its beginning to its end. Between two reads it may rest: then it is closed, so that any
/// number of files can be read side by side, whatever the limit of open files.
///
/// Law: all that is read of it is of one file that nobody wrote to. Device, inode, size and time of the last writing
/// are compared with those of its first opening after each read and wherever it is opened again.
class resumable_file {
 public:
  /// The file is another than when it was first opened, or was written to.
  class changed : public bad_input {
    using bad_input::bad_input;
  };

  /// Throws bad_input naming the file where it is missing, no regular file, or cannot be read.
  explicit resumable_file(std::filesystem::path const& path) : path_(path.string()) {
    if (::stat(path_.c_str(), &first_) != 0) {
      if (errno == ENOENT) throw bad_input(path_, "the file is missing");
      fail();
    }
    if (!S_ISREG(first_.st_mode)) throw bad_input(path_, "is no regular file");  // nothing else is opened: a pipe waits
    open();
  }
  resumable_file(resumable_file&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), first_(other.first_), at_(other.at_) {}
  resumable_file& operator=(resumable_file&&) = delete;
  ~resumable_file() { rest(); }

  std::uint64_t size() const { return static_cast<std::uint64_t>(first_.st_size); }

  /// Its size and the sampled_hash of its bytes as they lie there.
  std::pair<std::uint64_t, std::uint64_t> size_and_hash() {
    std::string bytes;
    auto const read = [&](std::uint64_t first, std::uint64_t count) -> std::string_view {
      bytes.resize(static_cast<std::size_t>(count));
      if (read_at(first, bytes) != count) throw bad_input(path_, "cannot be read to its end");
      return bytes;
    };
    return {size(), sampled_hash(size(), read)};
  }

  /// How far it was read.
  std::uint64_t bytes_read() const { return at_; }

  /// Fills `into` as far as there is content; gives how much, 0 at the end. Throws bad_input naming the file where it
  /// cannot be read; changed where it has.
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
    check_unchanged();
    return done;
  }

  /// Closes the file until it is read again.
  void rest() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }

 private:
  void open() {
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file_ < 0) fail();
    check_unchanged();
  }

  void check_unchanged() const {
    struct stat now {};
    if (::fstat(file_, &now) != 0) fail();
    if (now.st_dev == first_.st_dev && now.st_ino == first_.st_ino && now.st_size == first_.st_size &&
        now.st_mtim.tv_sec == first_.st_mtim.tv_sec && now.st_mtim.tv_nsec == first_.st_mtim.tv_nsec)
      return;
    throw changed(path_, "the file changed while it was read: expected were " + described(first_) + "; there are " +
                             described(now));
  }

  static std::string described(struct stat const& file) {
    std::tm utc{};
    ::gmtime_r(&file.st_mtim.tv_sec, &utc);
    std::array<char, 64> written{};
    std::strftime(written.data(), written.size(), "%F %T", &utc);
    auto const nanoseconds = std::to_string(1'000'000'000 + file.st_mtim.tv_nsec).substr(1);
    return std::to_string(file.st_size) + " bytes, written " + written.data() + '.' + nanoseconds + " UTC (inode " +
           std::to_string(file.st_ino) + " of device " + std::to_string(file.st_dev) + ')';
  }

  [[noreturn]] void fail() const { throw bad_input(path_, std::string("cannot be read: ") + std::strerror(errno)); }

  std::string path_;
  int file_ = -1;
  struct stat first_ {};
  std::uint64_t at_ = 0;
};

}  // namespace census
