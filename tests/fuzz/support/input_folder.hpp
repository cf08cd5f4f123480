// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <fuzz/support/ensure.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <ios>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace census_fuzz {

/// What stands between two files in an input that holds several. The last file has all that is left.
inline constexpr std::string_view file_ends = "\n-- 8< --\n";

inline std::string_view text_of(std::span<std::byte const> input) {
  return {reinterpret_cast<char const*>(input.data()), input.size()};
}

/// The files of an input, `most` at most, in order.
inline std::vector<std::string_view> split_files(std::string_view input, std::size_t most) {
  std::vector<std::string_view> files;
  for (std::size_t end = 0; files.size() + 1 < most && (end = input.find(file_ends)) != input.npos;) {
    files.push_back(input.substr(0, end));
    input.remove_prefix(end + file_ends.size());
  }
  files.push_back(input);
  return files;
}

/// A folder with the files of one input, for readers that take paths. All inputs of a process share it, one after the
/// other.
class input_folder {
 public:
  /// The first file of the input has the first name, and so on; of names beyond the input's files there is no file.
  input_folder(std::span<std::byte const> input, std::initializer_list<char const*> names)
      : input_folder(split_files(text_of(input), names.size()), names) {}

  template <class Files>
  input_folder(Files const& files, std::initializer_list<char const*> names) {
    auto name = names.begin();
    for (auto const& file : files) write(*name++, file);
    std::error_code missing;
    for (; name != names.end(); ++name) std::filesystem::remove(path() / *name, missing);
  }

  std::filesystem::path const& path() const { return process_folder().path; }
  std::filesystem::path operator/(char const* name) const { return path() / name; }

  /// Calls `read`, which may refuse what it finds, but only by a bad_input of one line that names a file of the folder,
  /// or the folder, or begins with one of `other_places`. Whatever else it throws ends the program.
  void read(std::function<void()> const& read, std::initializer_list<std::string_view> other_places = {}) const {
    try {
      read();
    } catch (census::bad_input const& refused) {
      std::string_view const message = refused.what();
      auto const begins = [&](std::string_view place) { return message.starts_with(place); };
      bool const is_named = message.find(path().native()) != message.npos || std::ranges::any_of(other_places, begins);
      if (!is_named) std::fprintf(stderr, "fuzz: the message is: %s\n", refused.what());
      ensure(is_named, "a message names the file");
      ensure(message.find('\n') == message.npos, "a message is one line");
    }
  }

 private:
  struct temporary_folder {
    std::filesystem::path path;

    temporary_folder() {
      auto name = (std::filesystem::temp_directory_path() / "census-fuzz-XXXXXX").string();
      ensure(::mkdtemp(name.data()) != nullptr, "a folder for temporary files can be made");
      path = name;
    }
    ~temporary_folder() {
      std::error_code failed;
      std::filesystem::remove_all(path, failed);
    }
  };
  static temporary_folder const& process_folder() {
    static temporary_folder const folder;
    return folder;
  }

  void write(char const* name, std::string_view content) const {
    std::ofstream file(path() / name, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    ensure(file.flush().good(), "a file of the input can be written");
  }
};

}  // namespace census_fuzz
