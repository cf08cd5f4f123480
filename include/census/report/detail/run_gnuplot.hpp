// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/printable.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace census::detail {

/// A nameless file in memory or in the system's temporary folder.
class temporary_file {
 public:
  temporary_file() : file_(std::tmpfile()) {
    if (!file_) throw std::runtime_error(std::string("no temporary file can be made: ") + std::strerror(errno));
  }

  int descriptor() const { return ::fileno(file_.get()); }

  void write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size() || std::fflush(file_.get()) != 0)
      throw std::runtime_error(std::string("a temporary file cannot be written: ") + std::strerror(errno));
    std::rewind(file_.get());
  }

  /// All that lies in it.
  std::string read() {
    std::string bytes;
    std::array<char, 65536> part;
    std::rewind(file_.get());
    while (std::size_t const count = std::fread(part.data(), 1, part.size(), file_.get()))
      bytes.append(part.data(), count);
    return bytes;
  }

 private:
  struct close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, close> file_;
};

/// The file descriptors that a child process gets as its input, output and error output.
class child_files {
 public:
  child_files(temporary_file const& in, temporary_file const& out, temporary_file const& errors) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in.descriptor(), 0);
    ::posix_spawn_file_actions_adddup2(&actions_, out.descriptor(), 1);
    ::posix_spawn_file_actions_adddup2(&actions_, errors.descriptor(), 2);
  }
  child_files(child_files const&) = delete;
  child_files& operator=(child_files const&) = delete;
  ~child_files() { ::posix_spawn_file_actions_destroy(&actions_); }

  ::posix_spawn_file_actions_t const* get() const { return &actions_; }

 private:
  ::posix_spawn_file_actions_t actions_;
};

/// What gnuplot writes to its output for a script. It is a child process without a shell, it reads no file of settings,
/// and its input, output and errors are nameless files, so that neither side waits for the other. Throws bad_input
/// where it is not installed, std::runtime_error with what it said where it fails.
inline std::string run_gnuplot(std::string_view script) {
  temporary_file in, out, errors;
  in.write(script);
  child_files const files(in, out, errors);
  std::string program = "gnuplot", option = "--default-settings";
  std::array<char*, 3> arguments{program.data(), option.data(), nullptr};
  ::pid_t child = 0;
  if (int const error = ::posix_spawnp(&child, program.c_str(), files.get(), nullptr, arguments.data(), environ))
    throw bad_input("gnuplot", std::string("draws the figures and cannot be started (") + std::strerror(error) +
                                   "); install it, as Debian's package gnuplot-nox, say");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error(std::string("gnuplot is lost: ") + std::strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("gnuplot failed: " + printable(errors.read().substr(0, 1000)));
  return out.read();
}

}  // namespace census::detail
