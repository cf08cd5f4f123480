// SPDX-License-Identifier: MIT
// How the programs begin, take their arguments and end.
#pragma once

#include <census/error.hpp>

#include <CLI/CLI.hpp>

#include <fcntl.h>

#include <exception>
#include <iostream>

/// Opens what is closed of stdin, stdout and stderr to nothing, so that no result file gets their number.
inline void hold_standard_streams() {
  for (int file = 0; file >= 0 && file <= 2;) file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

/// Takes the arguments and runs the program. The exit code: 0 done, 2 bad input or usage, 1 anything else; what went
/// wrong is told in one line.
template <class Program>
int run(CLI::App& app, int argc, char** argv, Program const& program) {
  hold_standard_streams();
  try {
    app.parse(argc, argv);
    program();
    return 0;
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (census::bad_input const& error) {
    std::cerr << app.get_name() << ": " << error.what() << '\n';
    return 2;
  } catch (std::exception const& error) {
    std::cerr << app.get_name() << ": " << error.what() << '\n';
    return 1;
  }
}
