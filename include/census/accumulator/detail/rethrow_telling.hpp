// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <typeinfo>

namespace census::detail {

/// An error of the same type with another message.
template <class Error>
Error with_message(std::string const& message) {
  if constexpr (std::same_as<Error, bad_input>) {
    std::size_t const colon = message.find(": ");  // between place and cause
    return bad_input(message.substr(0, colon), message.substr(colon + 2));
  } else {
    return Error(message);
  }
}

/// Throws the error at hand again with `more` behind its message, where it is of one of these types.
template <class... Errors>
void rethrow_of(std::exception const& error, std::string const& more) {
  auto const again = [&]<class Error>(Error const*) {
    if (typeid(error) == typeid(Error)) throw with_message<Error>(error.what() + more);
  };
  (again(static_cast<Errors const*>(nullptr)), ...);
}

/// Throws the error at hand again, its message followed by `more`, where it is of one of the types below, which it
/// keeps. Returns where it is of another type, one derived from these as well, which might lose what else it holds.
inline void rethrow_telling(std::string const& more) {
  try {
    throw;
  } catch (std::exception const& error) {
    rethrow_of<bad_input, std::invalid_argument, std::out_of_range, std::length_error, std::logic_error,
               std::overflow_error, std::runtime_error>(error, more);
  } catch (...) {
  }
}

}  // namespace census::detail
