// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/parse_number.hpp>
#include <census/random_access_file.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace census::detail {

/// Residual streams that are kept from one snapshot to the next, as files: residuals-1.bin, residuals-2.bin, ... in a
/// folder. What a snapshot refers to stays as it was, whatever is written after it, for that goes to another file.
class residual_log {
 public:
  /// Where a residual stream lies.
  struct place {
    std::uint32_t file = 0;
    std::uint64_t offset = 0;  ///< bytes

    template <class Archive>
    void serialize(Archive& archive) {
      archive("file", file)("offset", offset);
    }
  };

  /// What was left in the folder can be read; what is written goes to files of new numbers.
  explicit residual_log(std::filesystem::path folder) : folder_(std::move(folder)) {
    for_each_file([&](std::uint32_t number, auto const&) { last_left_ = std::max(last_left_, number); });
    last_ = last_left_;
  }

  /// Whether a file of this number may have been left in the folder: none that is written from here on has it.
  bool was_left(std::uint32_t number) const { return number <= last_left_; }

  /// Writes a residual stream: over what it was, where no snapshot can refer to that, else behind all others. Throws
  /// bad_input naming the file where it cannot be made or written.
  place write(std::span<std::byte const> bytes, std::optional<place> const& before) {
    if (before && before->file == current_) {
      files_.at(before->file)->write(before->offset, bytes);
      return *before;
    }
    if (!current_) {
      files_[last_ + 1] = open(last_ + 1, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, "made");  // or nothing is changed
      current_ = ++last_;
      end_ = 0;
    }
    place const here{*current_, end_};
    files_.at(here.file)->write(here.offset, bytes);
    end_ += bytes.size();
    return here;
  }

  /// Throws bad_input naming the file where it cannot be read.
  void read(place const& from, std::span<std::byte> into) {
    auto& file = files_[from.file];
    if (file == nullptr) file = open(from.file, O_RDONLY | O_CLOEXEC, "opened");
    file->read(from.offset, into);
  }

  /// Returns when what was written has reached the disk. What comes next goes to another file.
  void sync() {
    if (current_) files_.at(*std::exchange(current_, std::nullopt))->sync();
  }

  /// Removes all files but these and the one that is being written.
  void keep(std::set<std::uint32_t> const& needed) {
    for_each_file([&](std::uint32_t number, std::filesystem::path const& path) {
      if (needed.contains(number) || number == current_) return;
      files_.erase(number);
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    });
  }

 private:
  std::filesystem::path path_of(std::uint32_t number) const {
    return folder_ / ("residuals-" + std::to_string(number) + ".bin");
  }

  std::unique_ptr<random_access_file> open(std::uint32_t number, int how, char const* verb) const {
    auto const path = path_of(number);
    int const file = ::open(path.c_str(), how, 0666);
    if (file < 0) random_access_file::fail(path, "residual streams", verb, errno);
    return std::make_unique<random_access_file>(file, path, "residual streams");
  }

  template <class Visit>
  void for_each_file(Visit const& visit) const {
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(folder_, ignored)) {
      auto const name = entry.path().filename().string();
      std::string_view digits = name;
      if (!digits.starts_with("residuals-") || !digits.ends_with(".bin")) continue;
      digits.remove_prefix(10), digits.remove_suffix(4);
      auto const number = parse_number<std::uint32_t>(digits);
      if (number && path_of(*number).filename() == name) visit(*number, entry.path());
    }
  }

  std::filesystem::path folder_;
  std::map<std::uint32_t, std::unique_ptr<random_access_file>> files_;
  std::optional<std::uint32_t> current_;    // the file that is written since the last snapshot,
  std::uint64_t end_ = 0;                   // and where it ends
  std::uint32_t last_left_ = 0, last_ = 0;  // the largest number that was left, and that is in use
};

}  // namespace census::detail
