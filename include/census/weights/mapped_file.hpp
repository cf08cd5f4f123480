// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace census {

/// A regular file mapped read-only into memory: nothing is read before it is looked at. An immutable handle; a copy
/// shares the mapping. Throws bad_input naming the file where it cannot be opened. A file that is changed in place
/// while it is mapped gives other bytes, and one that shrinks ends the process with SIGBUS: check_unchanged tells in
/// time, but for the moment between it and the look at the bytes.
class mapped_file {
 public:
  explicit mapped_file(std::filesystem::path path) : path_(std::move(path)) {
    int const file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not make us wait
    if (file < 0) fail("cannot be opened");
    struct stat about {};
    void* start = nullptr;
    bool const known = ::fstat(file, &about) == 0, regular = known && S_ISREG(about.st_mode);
    if (regular) size_ = static_cast<std::size_t>(about.st_size), opened_ = about;
    if (size_ > 0) start = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    // No reading ahead: a look at one row would read megabytes around it. See advise_needed for what is read in order.
    if (start != nullptr && start != MAP_FAILED) ::madvise(start, size_, MADV_RANDOM);
    int const error = errno;
    ::close(file);
    if (known && !regular) throw bad_input(place(), "is no regular file");
    if (!known || start == MAP_FAILED) fail("cannot be read", error);
    if (start != nullptr)
      start_ = {static_cast<std::byte const*>(start),
                [size = size_](std::byte const* p) { ::munmap(const_cast<std::byte*>(p), size); }};
  }

  std::filesystem::path const& path() const { return path_; }

  /// The path, as messages name it.
  std::string place() const { return path_.string(); }

  std::span<std::byte const> bytes() const { return {start_.get(), size_}; }
  std::string_view text() const { return {reinterpret_cast<char const*>(start_.get()), size_}; }

  /// Throws bad_input where the file was written to, or cut short, since it was opened. Another file that took its name
  /// is no matter: the one that is mapped stays.
  void check_unchanged() const {
    struct stat now {};
    if (::stat(path_.c_str(), &now) != 0 || now.st_dev != opened_.st_dev || now.st_ino != opened_.st_ino) return;
    if (now.st_size != opened_.st_size || now.st_mtim.tv_sec != opened_.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != opened_.st_mtim.tv_nsec)
      throw bad_input(place(), "the file changed while it was read");
  }

  /// Whether `part` lies in this mapping.
  bool holds(std::span<std::byte const> part) const {
    auto const begin = reinterpret_cast<std::uintptr_t>(part.data()),
               start = reinterpret_cast<std::uintptr_t>(start_.get());
    return begin >= start && begin - start <= size_ && part.size() <= size_ - (begin - start);
  }

  /// Asks for the pages that `part` touches to be read from the disk, without waiting for them; advice only. Throws
  /// std::out_of_range where `part` is not of this mapping.
  void advise_needed(std::span<std::byte const> part) const { advise(part, MADV_WILLNEED); }

  /// Takes the pages that `part` touches out of this process's memory, and those near it that came along when it was
  /// looked at. All may be looked at again: the bytes are the same, from the system's file cache or the disk. Throws
  /// std::out_of_range where `part` is not of this mapping.
  void drop(std::span<std::byte const> part) const {
    if (!holds(part) || part.empty()) return advise(part, MADV_DONTNEED);
    constexpr std::size_t around = 64 << 10;  // Linux maps up to so much around a page, where it has it anyway
    auto const begin = static_cast<std::size_t>(part.data() - start_.get());
    std::size_t const first = begin - std::min(begin, around), last = std::min(size_, begin + part.size() + around);
    advise(bytes().subspan(first, last - first), MADV_DONTNEED);
  }

 private:
  // Whole pages, those at the edges too: the mapping is private and never written, so nothing can be lost.
  void advise(std::span<std::byte const> part, int what) const {
    if (!holds(part)) throw std::out_of_range("census::mapped_file: the bytes are not of " + place());
    if (part.empty()) return;
    auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    auto const offset = static_cast<std::size_t>(part.data() - start_.get()), first = offset / page * page;
    ::madvise(const_cast<std::byte*>(start_.get()) + first, offset + part.size() - first, what);
  }

  [[noreturn]] void fail(char const* cause, int error = errno) const {
    throw bad_input(place(), std::string(cause) + ": " + std::strerror(error));
  }

  std::filesystem::path path_;
  std::shared_ptr<std::byte const> start_;
  std::size_t size_ = 0;
  struct stat opened_ {};
};

}  // namespace census
