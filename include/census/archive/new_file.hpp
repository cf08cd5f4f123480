// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <ios>
#include <random>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

namespace census {

/// A file that is being written, as a buffer for a stream: it was not there before, under a name that nobody can
/// guess, so that no link that waits under its name leads elsewhere. Never reopened by that name.
class new_file : public std::streambuf {
 public:
  /// Beside `path`; is_open() tells whether it could be made, error() why not.
  explicit new_file(std::filesystem::path const& path) {
    std::random_device random;
    do {
      std::array<char, digits + 1> drawn;
      std::snprintf(drawn.data(), drawn.size(), "%08x%08x", random(), random());
      std::string name = ".";
      path_ =
          path.parent_path() / name.append(path.filename().string()).append(1, '.').append(drawn.data()).append(suffix);
      file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EEXIST);
    if (file_ < 0) error_ = errno;
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }
  new_file(new_file const&) = delete;
  new_file& operator=(new_file const&) = delete;
  ~new_file() override { close(); }

  std::filesystem::path const& path() const { return path_; }
  bool is_open() const { return file_ >= 0; }

  /// Why the last step that failed did so, as errno tells it; 0 where none did.
  int error() const { return error_; }

  /// Whether everything reached the disk.
  bool close() {
    if (file_ < 0) return true;
    bool const written = write_buffer() && is_synced();
    bool const closed = ::close(file_) == 0;
    if (!closed) error_ = errno;
    file_ = -1;
    buffer_ = {};  // many may wait, finished, for their commit
    setp(nullptr, nullptr);
    return written && closed;
  }

  /// Brings the file of a name to the disk, where the file system has such a thing; 0, or why not, as errno tells it.
  static int bring_to_disk(std::filesystem::path const& path) {
    int const file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return errno;
    int const cause = synced(file) ? 0 : errno;
    ::close(file);
    return cause;
  }

  /// Of the name of such a file, which a killed program left, the name of the file beside which it was written; empty
  /// for any other name.
  static std::string_view written_beside(std::string_view name) {
    std::size_t const around = 2 + digits + suffix.size();  // .NAME.DIGITS.part
    if (name.size() <= around || !name.starts_with('.') || !name.ends_with(suffix)) return {};
    auto const beside = name.substr(1, name.size() - around), drawn = name.substr(1 + beside.size() + 1, digits);
    bool const is_drawn = drawn.find_first_not_of("0123456789abcdef") == drawn.npos;
    return is_drawn && name[1 + beside.size()] == '.' ? beside : std::string_view();
  }

 protected:
  int_type overflow(int_type c) override {
    if (!is_open() || !write_buffer()) return traits_type::eof();
    if (!traits_type::eq_int_type(c, traits_type::eof())) sputc(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
  }
  int sync() override { return write_buffer() ? 0 : -1; }
  pos_type seekpos(pos_type to, std::ios_base::openmode) override {
    return write_buffer() && ::lseek(file_, to, SEEK_SET) >= 0 ? to : pos_type(off_type(-1));
  }

 private:
  static constexpr std::size_t digits = 16;  // drawn at random
  static constexpr std::string_view suffix = ".part";

  static bool synced(int file) { return ::fsync(file) == 0 || errno == EINVAL || errno == ENOSYS; }

  bool is_synced() {
    if (synced(file_)) return true;
    return error_ = errno, false;
  }

  bool write_buffer() {
    for (char const* from = pbase(); from < pptr();) {
      ::ssize_t const count = ::write(file_, from, static_cast<std::size_t>(pptr() - from));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return error_ = errno, false;
      from += count;
    }
    setp(buffer_.data(), buffer_.data() + buffer_.size());
    return true;
  }

  std::filesystem::path path_;
  int file_ = -1, error_ = 0;
  std::vector<char> buffer_ = std::vector<char>(1 << 16);
};

}  // namespace census
