// SPDX-License-Identifier: MIT
// The subcommands of `census`, each in a file of its own, and what their command lines share.
#pragma once

#include <CLI/CLI.hpp>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <string>
#include <system_error>

/// Each adds its subcommand, with what is to be done when it is chosen.
void add_take(CLI::App& program);
void add_record(CLI::App& program);
void add_compare(CLI::App& program);
void add_merge(CLI::App& program);
void add_report(CLI::App& program);
void add_wake(CLI::App& program);
void add_export(CLI::App& program);

/// Why stdout could not be written, where that was so: an errno.
inline int stdout_error = 0;

/// Sends on its way what was printed. What does not arrive ends no census; main tells it, once the results are safe.
inline void flush_stdout() {
  errno = 0;
  if (!std::cout.flush() && stdout_error == 0) stdout_error = errno;
}

/// A whole number that 64 bits hold, from `least`: CLI11 would take -1 for 2^64 - 1.
inline CLI::Validator whole_number(std::uint64_t least = 1) {
  auto const check = [least](std::string& text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const is_whole = error == std::errc() && end == text.data() + text.size() && value >= least;
    return is_whole ? std::string() : "should be a whole number from " + std::to_string(least) + ", below 2^64";
  };
  return {check, "COUNT"};
}

/// Adds an option that is a size in bytes, such as 4GiB.
inline CLI::Option& add_size(CLI::App& command, char const* name, std::uint64_t& bytes, char const* what) {
  auto const check = [](std::string& text) { return text.starts_with('-') ? "should be a size, such as 4GiB" : ""; };
  return *command.add_option(name, bytes, what)->check(CLI::Validator(check, ""))->transform(CLI::AsSizeValue(false));
}
