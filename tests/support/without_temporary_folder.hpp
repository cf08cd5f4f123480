// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

/// As long as it lives, TMPDIR is a folder that is not there.
class without_temporary_folder {
 public:
  static constexpr char const* told = "/no/such/folder";

  without_temporary_folder() {
    if (char const* const before = std::getenv("TMPDIR")) before_ = before;
    setenv("TMPDIR", told, 1);
  }
  without_temporary_folder(without_temporary_folder const&) = delete;
  without_temporary_folder& operator=(without_temporary_folder const&) = delete;
  ~without_temporary_folder() { before_ ? setenv("TMPDIR", before_->c_str(), 1) : unsetenv("TMPDIR"); }

 private:
  std::optional<std::string> before_;
};
