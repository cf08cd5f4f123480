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
    stream_.open(beside_, std::ios::binary | std::ios::trunc);
    if (!stream_) throw bad_input(path_.string(), std::string("cannot be written: ") + std::strerror(errno));
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

  void commit() {
    stream_.close();
    if (!stream_) throw bad_input(path_.string(), std::string("was not written whole: ") + std::strerror(errno));
    std::error_code error;
    std::filesystem::rename(beside_, path_, error);
    if (error) throw bad_input(path_.string(), "cannot be put in place: " + error.message());
    committed_ = true;
  }

 private:
  std::filesystem::path path_, beside_;
  std::ofstream stream_;
  bool committed_ = false;
};

}  // namespace census
