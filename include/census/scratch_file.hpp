// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/random_access_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace census {

/// The system's folder for temporary files. Throws bad_input naming it where there is none (TMPDIR says another).
inline std::filesystem::path folder_for_temporary_files() {
  std::error_code missing;
  auto folder = std::filesystem::temp_directory_path(missing);
  if (missing) {
    auto const* const told = std::getenv("TMPDIR");
    throw bad_input(told == nullptr ? "/tmp" : told, "is no folder for temporary files (TMPDIR): " + missing.message());
  }
  return folder;
}

/// A nameless file for what does not fit into memory; it goes with the object, or with the process. Its place is its
/// folder.
class scratch_file : public random_access_file {
 public:
  /// Lies in `folder`, the system's for temporary files where that is empty; `what` it holds is said in errors. Throws
  /// bad_input naming the folder where no file can be made in it.
  scratch_file(std::filesystem::path const& folder, std::string const& what)
      : random_access_file(opened(meant_by(folder), what), meant_by(folder), what) {}

 private:
  static std::filesystem::path meant_by(std::filesystem::path const& folder) {
    return folder.empty() ? folder_for_temporary_files() : folder;
  }

  static int opened(std::filesystem::path const& folder, std::string const& what) {
    std::string name = (folder / "census-XXXXXX").string();
    int const file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) fail(folder, what, "made", errno);
    ::unlink(name.c_str());
    return file;
  }
};

}  // namespace census
