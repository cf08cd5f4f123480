// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <iostream>
#include <string_view>

/// The exit code of a program that opens what is not there: 0 where bad_input names it.
template <class Open>
int refuses(std::string_view place, Open open) {
  try {
    open();
  } catch (census::bad_input const& error) {
    if (std::string_view(error.what()).starts_with(place)) return 0;
    std::cerr << error.what() << '\n';
  }
  return 1;
}
