// SPDX-License-Identifier: MIT
// census: takes the census of a language model's neurons, records their firings, compares and merges censuses, writes
// pages that show them, and looks for inputs that make silent neurons fire.
#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/version.hpp>

#include "command_line.hpp"
#include "end_at_signal.hpp"
#include "ranks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

/// Opens what is closed of stdin, stdout and stderr to nothing, so that no result file gets their number.
void hold_standard_streams() {
  for (int file = 0; file >= 0 && file <= 2;) file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

/// A mapped file, of a checkpoint, a recording or a census, that another program cuts short ends the process when the
/// missing bytes are looked at.
extern "C" void tell_of_missing_bytes(int) {
  constexpr std::string_view message =
      "census: a file that was being read (of a model, a recording or a census) was cut short\n";
  [[maybe_unused]] auto const written = ::write(STDERR_FILENO, message.data(), message.size());
  ::_exit(2);
}

/// What was printed has to arrive: results that end in a full disk are lost.
void check_stdout() {
  flush_stdout();
  if (!std::cout)
    throw std::runtime_error(std::string("stdout cannot be written") +
                             (stdout_error != 0 ? std::string(": ") + std::strerror(stdout_error) : std::string()));
}

/// Throws where several processes were started for what one does. Help, which is asked for before, the first gives.
void check_ranks(CLI::App const& app) {
  if (other_ranks() == nullptr || app.got_subcommand("take")) return;
  on_all_ranks([] {
    throw census::bad_input("mpirun", "starts several processes, and only census take does its work in several");
  });
}

/// Does what is asked for; its exit code.
int run(CLI::App& app, int argc, char** argv) {
  try {
    open_ranks();
    silence_other_ranks();
    app.parse(argc, argv);
    if (is_first_rank()) check_stdout();
    return 0;
  } catch (CLI::ParseError const& error) {
    auto const unknown = app.remaining();
    if (app.get_subcommands().empty() && !unknown.empty() && error.get_exit_code() != 0)
      throw census::bad_input(unknown.front(),
                              "is no subcommand; there are take, record, compare, merge, report, wake and export");
    std::ostringstream told;
    int const code = app.exit(error, std::cout, told) == 0 ? 0 : 2;
    std::istringstream lines(told.str());
    for (std::string line; std::getline(lines, line);) std::cerr << census::printable(line) << '\n';
    if (is_first_rank()) check_stdout();
    return code;
  }
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  for (int const write_failed : {SIGPIPE, SIGXFSZ}) std::signal(write_failed, SIG_IGN);  // told as other such failures
  std::signal(SIGBUS, tell_of_missing_bytes);
  end_at_signal const ends;
  CLI::App app{
      "A census of the neurons of a language model: which are dead, which answer to one token or n-gram, which "
      "only tell the position.",
      "census"};
  app.set_version_flag("--version", std::string(census::version));
  app.require_subcommand(1);
  app.footer("`census take --help` and so on say more.\n"
             "Exit: 0 done, 2 bad input or usage, or a file or device that fails (a full disk, say), 129, 130 or 143 "
             "interrupted, 1 anything else, standard output that cannot be written too; what went wrong is told in one "
             "line on stderr, bad usage in two.");
  add_take(app), add_record(app), add_compare(app), add_merge(app), add_report(app), add_wake(app), add_export(app);
  app.parse_complete_callback([&app] { check_ranks(app); });

  auto const failed = [&](std::exception const& error, int code) {
    let_rank_speak();
    std::cerr << "census";
    for (auto const* chosen : app.get_subcommands()) std::cerr << ' ' << chosen->get_name();
    std::cerr << ": " << census::printable(error.what()) << std::endl;
    if (other_ranks() != nullptr && !all_ranks_know()) end_all_ranks(code);
    return code;
  };
  try {
    return run(app, argc, argv);
  } catch (failed_on_another_rank const&) {
    return 0;  // which tells why, and by its exit code that all failed
  } catch (census::bad_input const& error) {
    return failed(error, 2);
  } catch (std::filesystem::filesystem_error const& error) {
    if (error.path1().empty()) return failed(error, 2);
    return failed(census::bad_input(error.path1().string(), error.code().message()), 2);
  } catch (std::exception const& error) {
    return failed(error, 1);
  }
}
