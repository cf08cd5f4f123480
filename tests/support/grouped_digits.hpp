// SPDX-License-Identifier: MIT
// A locale as a program may set it for people: what is written through it is no number to any reader.
#pragma once

#include <locale>
#include <string>

namespace census_test {

/// Writes 12 as "1.2", and 0.5 as "0,5".
inline std::locale grouped_digits() {
  struct punctuation : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\1"; }
  };
  return {std::locale::classic(), new punctuation};
}

}  // namespace census_test
