// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <system_error>
#include <utility>

namespace census {

/// A file that appears whole or not at all: written beside its place, put there by commit(). Without commit, what was
/// there stays. Every failure is bad_input naming the file.
class whole_file {
 public:
  explicit whole_file(std::filesystem::path path) : path_(std::move(path)), beside_(path_.string() + ".part") {
    errno = 0;
    stream_.open(beside_, std::ios::binary | std::ios::trunc);
    if (!stream_) fail("cannot be written");
  }
  whole_file(whole_file const&) = delete;
  whole_file& operator=(whole_file const&) = delete;
  ~whole_file() {
    if (committed_) return;
    stream_.close();
    std::error_code ignored;
    std::filesystem::remove(beside_, ignored);
  }

  std::ofstream& stream() { return stream_; }

  /// Throws where what was written so far did not reach the file: a full disk, say.
  void check() {
    if (!stream_) fail("cannot be written");
  }

  /// Brings everything to the disk, still beside its place; nothing more can be written.
  void finish() {
    if (!stream_.is_open()) return;
    check();
    errno = 0;
    stream_.close();
    check();
  }

  void commit() {
    finish();
    std::error_code error;
    std::filesystem::rename(beside_, path_, error);
    if (error) throw bad_input(path_.string(), "cannot be put in place: " + error.message());
    committed_ = true;
  }

 private:
  [[noreturn]] void fail(std::string cause) const {
    if (errno != 0) cause.append(": ").append(std::strerror(errno));
    throw bad_input(path_.string(), cause);
  }

  std::filesystem::path path_, beside_;
  std::ofstream stream_;
  bool committed_ = false;
};

}  // namespace census
