// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace census::detail {

/// Holds a folder as long as it lives; the system lets go of it with the process.
class folder_lock {
 public:
  explicit folder_lock(std::filesystem::path const& folder)
      : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (file_ < 0 || ::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      std::string const cause = errno == EWOULDBLOCK ? "another census is writing into this folder"
                                                     : std::string("cannot be held: ") + std::strerror(errno);
      if (file_ >= 0) ::close(file_);
      throw bad_input(folder.string(), cause);
    }
  }
  folder_lock(folder_lock const&) = delete;
  folder_lock& operator=(folder_lock const&) = delete;
  ~folder_lock() { ::close(file_); }

 private:
  int file_;
};

}  // namespace census::detail
