// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/random_access_file.hpp>
#include <census/scratch_file.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace census::detail {

/// All bytes of a file.
inline std::string content_of(random_access_file const& file) {
  std::string bytes(file.size(), '\0');
  file.read(0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

/// The file descriptors that a child process gets as its input, output and error output.
class child_files {
 public:
  child_files(random_access_file const& in, random_access_file const& out, random_access_file const& errors) {
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

/// Lets a child process be a process group of its own, so that a terminal's Ctrl-C is told to its parent alone.
class own_group {
 public:
  own_group() {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
  }
  own_group(own_group const&) = delete;
  own_group& operator=(own_group const&) = delete;
  ~own_group() { ::posix_spawnattr_destroy(&attributes_); }

  ::posix_spawnattr_t const* get() const { return &attributes_; }

 private:
  ::posix_spawnattr_t attributes_;
};

/// What gnuplot writes to its output for a script. It is a child process without a shell, it reads no file of settings,
/// and its input, output and errors are nameless files, so that neither side waits for the other. Throws bad_input
/// where it is not installed or no such file can be made, std::runtime_error with what it said where it fails.
inline std::string run_gnuplot(std::string_view script) {
  scratch_file const in({}, "a figure"), out({}, "a figure"), errors({}, "a figure");
  in.write(0, std::as_bytes(std::span(script)));
  child_files const files(in, out, errors);
  own_group const group;
  std::string program = "gnuplot", option = "--default-settings";
  std::array<char*, 3> arguments{program.data(), option.data(), nullptr};
  ::pid_t child = 0;
  if (int const error = ::posix_spawnp(&child, program.c_str(), files.get(), group.get(), arguments.data(), environ))
    throw bad_input("gnuplot", std::string("draws the figures and cannot be started (") + std::strerror(error) +
                                   "); install it, as Debian's package gnuplot-nox, say");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::runtime_error(std::string("gnuplot is lost: ") + std::strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("gnuplot failed: " + printable(content_of(errors).substr(0, 1000)));
  return content_of(out);
}

}  // namespace census::detail
