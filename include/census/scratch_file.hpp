// SPDX-License-Identifier: MIT
#pragma once

#include <census/random_access_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace census {

/// A nameless file for what does not fit into memory; it goes with the object, or with the process. Its place is its
/// folder.
class scratch_file : public random_access_file {
 public:
  /// Lies in `folder`; `what` it holds is said in errors. Throws bad_input naming the folder where no file can be made
  /// in it.
  scratch_file(std::filesystem::path const& folder, std::string const& what)
      : random_access_file(opened(folder, what), folder, what) {}

 private:
  static int opened(std::filesystem::path const& folder, std::string const& what) {
    std::string name = (folder / "census-XXXXXX").string();
    int const file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) fail(folder, what, "made", errno);
    ::unlink(name.c_str());
    return file;
  }
};

}  // namespace census
