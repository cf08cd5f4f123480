// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/unfinished_output.hpp>
#include <census/error.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace census {

/// A folder of many files that appears whole or not at all: written beside its place, and put there by commit(). It is
/// a new one: nothing that is there already is replaced. Every failure is bad_input naming the folder or file.
class whole_folder {
 public:
  /// Throws bad_input where something but an empty folder has that name.
  explicit whole_folder(std::filesystem::path path) : path_(without_slash(std::move(path))) {
    check_place();
    auto const parent = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    std::string beside = (parent / ("." + path_.filename().string() + ".XXXXXX")).string();
    beside_.emplace([&] {
      if (::mkdtemp(beside.data()) == nullptr) fail(path_, errno);
      return beside;
    });
  }
  whole_folder(whole_folder const&) = delete;
  whole_folder& operator=(whole_folder const&) = delete;

  /// Writes a file, NAME or FOLDER/NAME; folders are made where they are missing.
  void write(std::filesystem::path const& name, std::string_view content) {
    auto const file = beside_->path() / name;
    beside_->change([&] {
      std::error_code error;
      std::filesystem::create_directories(file.parent_path(), error);
      std::ofstream out(file, std::ios::binary);
      out.write(content.data(), static_cast<std::streamsize>(content.size()));
      if (!out.flush()) fail(path_ / name, errno);
    });
  }

  /// Puts the folder in its place once all of it has reached the disk.
  void commit() {
    int const folder = ::open(beside_->path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) fail(path_, errno);
    bool const on_disk = ::syncfs(folder) == 0;
    int const cause = errno;
    ::close(folder);
    if (!on_disk) fail(path_, cause);
    check_place();
    beside_->finish([&] {
      std::error_code error;
      std::filesystem::permissions(beside_->path(), usual_permissions(), error);
      std::filesystem::rename(beside_->path(), path_, error);
      if (error) fail(path_, error.value());
    });
  }

 private:
  static std::filesystem::path without_slash(std::filesystem::path path) {
    return path.has_filename() ? path : path.parent_path();
  }

  /// As the user's mask has them; a folder with a drawn name is its owner's alone.
  static std::filesystem::perms usual_permissions() {
    ::mode_t const mask = ::umask(0);
    ::umask(mask);
    return static_cast<std::filesystem::perms>(0777 & ~mask);
  }

  void check_place() const {
    std::error_code ignored;
    auto const there = std::filesystem::symlink_status(path_, ignored).type();
    if (there == std::filesystem::file_type::not_found || there == std::filesystem::file_type::none) return;
    if (there != std::filesystem::file_type::directory || !std::filesystem::is_empty(path_, ignored))
      throw bad_input(path_.string(), "is there already and is not replaced; name a folder that is new, or empty");
  }

  [[noreturn]] static void fail(std::filesystem::path const& path, int cause) {
    throw bad_input(path.string(), std::string("cannot be written: ") + std::strerror(cause));
  }

  std::filesystem::path path_;
  std::optional<unfinished_output> beside_;
};

}  // namespace census
