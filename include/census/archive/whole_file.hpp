// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/new_file.hpp>
#include <census/archive/unfinished_output.hpp>
#include <census/error.hpp>

#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>

namespace census {

/// A file that appears whole or not at all: written beside its place, under a name of its own, and put there by
/// commit(). Without commit, what was there stays. It replaces a regular file or nothing: no link is followed, and what
/// is a link, a folder or a device stays. Every failure is bad_input naming the file.
class whole_file {
 public:
  explicit whole_file(std::filesystem::path path) : path_(std::move(path)) {
    check_place();
    unfinished_.emplace([&] {
      beside_ = std::make_unique<new_file>(path_);
      return beside_->path();
    });
    if (!beside_->is_open()) fail("cannot be written");
    stream_.rdbuf(beside_.get());
  }
  whole_file(whole_file const&) = delete;
  whole_file& operator=(whole_file const&) = delete;

  std::ostream& stream() { return stream_; }

  /// Where its bytes lie: beside its place before commit().
  std::filesystem::path const& path() const { return unfinished_ ? beside_->path() : path_; }

  /// Throws where what was written so far did not reach the file: a full disk, say.
  void check() {
    if (!stream_) fail("cannot be written");
  }

  /// Brings everything to the disk, still beside its place; nothing more can be written.
  void finish() {
    if (!beside_->is_open()) return;
    check();
    if (!beside_->close()) fail("cannot be written");
  }

  /// Its content is that of a file which has reached the disk already, and nothing more can be written: a second name
  /// of it, or a copy, which reaches the disk, where the file system has no links. That file stays.
  void take_content_of(std::filesystem::path const& other) {
    finish();
    std::error_code error;
    std::filesystem::remove(beside_->path(), error);
    std::filesystem::create_hard_link(other, beside_->path(), error);
    if (!error) return;
    std::filesystem::copy_file(other, beside_->path(), error);
    if (!error) error.assign(new_file::bring_to_disk(beside_->path()), std::generic_category());
    if (error) throw bad_input(path_.string(), "cannot be a copy of " + other.string() + ": " + error.message());
  }

  void commit() {
    finish();
    check_place();
    unfinished_->finish([&] {
      std::error_code error;
      std::filesystem::rename(beside_->path(), path_, error);
      if (error) throw bad_input(path_.string(), "cannot be put in place: " + error.message());
      std::filesystem::remove(beside_->path(), error);  // still there where both are names of one file
    });
    unfinished_.reset();
  }

 private:
  void check_place() const {
    if (!path_.has_filename()) throw bad_input(path_.string(), "names no file");
    std::error_code ignored;
    using enum std::filesystem::file_type;
    auto const there = std::filesystem::symlink_status(path_, ignored).type();
    if (there == symlink) throw bad_input(path_.string(), "is a link, which is neither followed nor replaced");
    if (there != regular && there != not_found && there != none)
      throw bad_input(path_.string(), "is no regular file, so it is not replaced");
  }

  [[noreturn]] void fail(std::string cause) const {
    if (beside_->error() != 0) cause.append(": ").append(std::strerror(beside_->error()));
    throw bad_input(path_.string(), cause);
  }

  std::filesystem::path path_;
  std::unique_ptr<new_file> beside_;
  std::optional<unfinished_output> unfinished_;  // the file beside, until it is in its place
  std::ostream stream_{nullptr};
};

}  // namespace census
