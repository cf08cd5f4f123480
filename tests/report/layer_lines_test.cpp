// SPDX-License-Identifier: MIT
#include <census/report/layer_lines.hpp>

#include <support/catch.hpp>

#include <sstream>

TEST_CASE("a layer is a line as soon as it is finished, below one of names, with a dash for what does not exist") {
  census::layer_census silent, firing;
  silent.layer = 2, silent.liveness.dead_share = 1, silent.liveness.firings = {0, 0};
  firing.layer = 13, firing.liveness.dead_share = 0.25, firing.liveness.firings = {7, 0, 1, 3};
  firing.liveness.mean_frequency_alive = 0.12345;
  firing.position.positional = {true, false, true, true};
  std::ostringstream out;
  census::layer_lines lines(out);
  lines.print(silent);
  CHECK(out.str() == "layer  neurons    dead  dead share  mean frequency  positional\n"
                     "    2        2       2    100.00 %               -           -\n");
  out.str("");
  lines.print(firing);
  CHECK(out.str() == "   13        4       1     25.00 %         12.35 %           3\n");
}
