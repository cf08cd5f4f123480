// SPDX-License-Identifier: MIT
// census: takes the census of a language model's neurons, compares censuses, and looks for inputs that make silent
// neurons fire.
#include <census/error.hpp>
#include <census/version.hpp>

#include "command_line.hpp"

#include <fcntl.h>

#include <exception>
#include <iostream>
#include <string>

namespace {

/// Opens what is closed of stdin, stdout and stderr to nothing, so that no result file gets their number.
void hold_standard_streams() {
  for (int file = 0; file >= 0 && file <= 2;) file = ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  CLI::App app{
      "A census of the neurons of a language model: which are dead, which answer to one token or n-gram, which "
      "only tell the position.",
      "census"};
  app.set_version_flag("--version", std::string(census::version));
  app.require_subcommand(1);
  app.footer("`census take --help` and so on say more.\n"
             "Exit: 0 done, 2 bad input or usage, 1 anything else; what went wrong is told in one line on stderr.");
  add_take(app), add_compare(app), add_wake(app);

  auto const failed = [&](std::exception const& error, int code) {
    std::cerr << "census";
    for (auto const* chosen : app.get_subcommands()) std::cerr << ' ' << chosen->get_name();
    std::cerr << ": " << error.what() << '\n';
    return code;
  };
  try {
    app.parse(argc, argv);
    return 0;
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (census::bad_input const& error) {
    return failed(error, 2);
  } catch (std::exception const& error) {
    return failed(error, 1);
  }
}
