// SPDX-License-Identifier: MIT
// The subcommands of `census`, each in a file of its own, and what their command lines share.
#pragma once

#include <census/parse_number.hpp>

#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

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
    auto const value = census::parse_number<std::uint64_t>(text);
    return value && *value >= least ? std::string()
                                    : "should be a whole number from " + std::to_string(least) + ", below 2^64";
  };
  return {check, "COUNT"};
}

/// Adds --out, the folder of a command's results, and --threads.
inline void add_results_folder(CLI::App& command, std::string& folder) {
  command.add_option("--out", folder, "The folder that receives the results; it is made where it is missing")
      ->required()
      ->type_name("DIR");
}
inline void add_threads(CLI::App& command, std::size_t& threads) {
  command.add_option("--threads", threads, "Threads; the results do not depend on them")
      ->capture_default_str()
      ->check(whole_number())
      ->check(CLI::Range(1, 4096));
}

/// Adds an option that is a size in bytes, such as 4GiB.
inline CLI::Option& add_size(CLI::App& command, char const* name, std::uint64_t& bytes, char const* what) {
  auto const check = [](std::string& text) { return text.starts_with('-') ? "should be a size, such as 4GiB" : ""; };
  return *command.add_option(name, bytes, what)->check(CLI::Validator(check, ""))->transform(CLI::AsSizeValue(false));
}
