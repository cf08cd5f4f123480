// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace census::detail {

/// Holds a folder as long as it lives; the system lets go of it with the process. On a file system without locks a file
/// stands for the lock: it names the machine and the process, and stays where that is killed.
class folder_lock {
 public:
  using locker = int (*)(int, int);

  explicit folder_lock(std::filesystem::path const& folder, locker lock = ::flock)
      : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), mark_(folder / ".census-is-writing") {
    if (file_ >= 0 && lock(file_, LOCK_EX | LOCK_NB) == 0) return;
    std::string cause = std::string("cannot be held: ") + std::strerror(errno);
    if (errno == EWOULDBLOCK) cause = "another census is writing into this folder";
    bool const has_no_locks = file_ >= 0 && (errno == ENOLCK || errno == ENOSYS || errno == ENOTSUP || errno == EINVAL);
    if (file_ >= 0) ::close(file_);
    file_ = -1;
    if (!has_no_locks) throw bad_input(folder.string(), cause);
    hold_by_mark();
  }
  folder_lock(folder_lock const&) = delete;
  folder_lock& operator=(folder_lock const&) = delete;
  ~folder_lock() {
    if (file_ >= 0) ::close(file_);
    remove_mark();
  }

  /// Where a file stands for the lock, lets go of the folder: nothing of it is left there.
  void remove_mark() {
    std::error_code ignored;
    if (is_marked_) std::filesystem::remove(mark_, ignored);
    is_marked_ = false;
  }

  /// What a run should say of how the folder is held; empty where the system holds it.
  std::string warning() const {
    return is_marked_
               ? mark_.string() + ": stands for a lock, for this file system has none; a run that is killed leaves it"
               : std::string();
  }

 private:
  /// Who holds a folder: machine and process.
  static std::string own_name() {
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
    return std::string(host.data()) + " " + std::to_string(::getpid());
  }

  void hold_by_mark() {
    for (bool is_first = true;; is_first = false) {
      int const file = ::open(mark_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
      if (file >= 0) {
        std::string const name = own_name() + "\n";
        is_marked_ = ::write(file, name.data(), name.size()) == static_cast<::ssize_t>(name.size());
        ::close(file);
        if (is_marked_) return;
      }
      if (errno != EEXIST) throw bad_input(mark_.string(), std::string("cannot be written: ") + std::strerror(errno));
      std::string host = "?", process = "?";
      std::ifstream(mark_) >> host >> process;
      if (!is_first || !is_gone(host, process))
        throw bad_input(mark_.string(), "another census, process " + process + " of " + host +
                                            ", is writing into this folder; where it was killed, remove this file");
      std::error_code ignored;
      std::filesystem::remove(mark_, ignored);
    }
  }

  /// Whether a process of this machine has ended; of another machine's nothing is known.
  static bool is_gone(std::string const& host, std::string const& process) {
    std::string const own = own_name();
    if (own.substr(0, own.find(' ')) != host || process.find_first_not_of("0123456789") != process.npos) return false;
    return process.size() < 10 && ::kill(static_cast<::pid_t>(std::stol(process)), 0) != 0 && errno == ESRCH;
  }

  int file_;
  std::filesystem::path mark_;
  bool is_marked_ = false;
};

}  // namespace census::detail
