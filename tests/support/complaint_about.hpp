// SPDX-License-Identifier: MIT
// What opening a bad file says: one line that begins with the file's name.
#pragma once

#include <census/error.hpp>

#include <support/catch.hpp>

#include <filesystem>
#include <string>

namespace census_test {

/// The message of the bad_input that `open` throws, without the file's name before it; "nothing" where it throws none.
template <class Open>
std::string complaint_about(std::filesystem::path const& path, Open open) {
  try {
    open();
  } catch (census::bad_input const& error) {
    std::string const message = error.what(), place = path.string() + ": ";
    CHECK(message.starts_with(place));
    CHECK(message.find('\n') == std::string::npos);
    return message.substr(place.size());
  }
  return "nothing";
}

}  // namespace census_test
