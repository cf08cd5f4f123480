// SPDX-License-Identifier: MIT
#pragma once

#include <census/printable.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace census {

/// What a program was given cannot be used: a file, a setting, an activation. The message is one line, "PLACE: CAUSE",
/// where the place names the file (and the line, tensor, layer or row in it), as printable() shows them. Programs print
/// it and exit with 2.
class bad_input : public std::runtime_error {
 public:
  bad_input(std::string_view place, std::string_view cause)
      : std::runtime_error(printable(std::string(place).append(": ").append(cause))) {}
};

}  // namespace census
