// SPDX-License-Identifier: MIT
// The subcommands of `census`, each in a file of its own, and what their command lines share.
#pragma once

#include <census/parse_number.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <limits>
#include <string>
#include <string_view>

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

/// A transform of options: a whole number from `least` to `most`, in decimal digits and nothing else. CLI11 is handed
/// it without leading zeros, behind which it would read octal; it would also take -1 for 2^64 - 1, and "true" for 1.
inline CLI::Validator whole_number(std::uint64_t least = 1,
                                   std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
  bool const is_bounded = most != std::numeric_limits<std::uint64_t>::max();
  std::string const from = std::to_string(least), to = is_bounded ? " to " + std::to_string(most) : ", below 2^64";
  auto const read = [=](std::string& text) {
    auto const value = census::parse_number<std::uint64_t>(text);
    if (!value || *value < least || *value > most) return "should be a whole number from " + from + to;
    text = std::to_string(*value);
    return std::string();
  };
  return {read, is_bounded ? "COUNT from " + from + to : "COUNT"};
}

/// A transform of options that comes before the one that reads their unit: decimal digits, with a point among them
/// maybe, then letters. Drops leading zeros as whole_number does, and refuses what else CLI11 would take for a number:
/// 0x10, 1e3, +5, and -1 for 2^64 - 1.
inline CLI::Validator decimal_with_unit(char const* what) {
  auto const read = [what](std::string& text) {
    auto const behind = std::min(text.find_first_not_of("0123456789."), text.size());
    auto const unit = std::string_view(text).substr(std::min(text.find_first_not_of(' ', behind), text.size()));
    auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    if (behind == 0 || text[0] == '.' || !std::ranges::all_of(unit, is_letter)) return "should be " + std::string(what);
    while (behind > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.erase(0, 1);
    return std::string();
  };
  return {read, ""};
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
      ->transform(whole_number(1, 4096));
}

/// Adds an option that is a size in bytes, such as 4GiB.
inline CLI::Option& add_size(CLI::App& command, char const* name, std::uint64_t& bytes, char const* what) {
  auto& size = *command.add_option(name, bytes, what);
  size.transform(CLI::AsSizeValue(false));
  return *size.transform(decimal_with_unit("a size, such as 4GiB"));  // the last transform comes first
}
