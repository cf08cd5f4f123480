// SPDX-License-Identifier: MIT
// What a census costs on a device, as a table with the goals: counting against a copy. Exit code 1 where a goal is not
// reached.
#include "counting.hpp"
#include "measures.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) try {
  counted_shape shape;
  std::size_t passes_of_16_bits = 100, passes_of_32_bits = 17'000;
  CLI::App app{"A census on a CUDA device, against copies and bare products; prints a table"};
  app.add_option("--neurons", shape.neurons, "Of the block that is counted")->capture_default_str();
  app.add_option("--context", shape.context)->capture_default_str();
  app.add_option("--passes", passes_of_32_bits, "Blocks that are counted until cells have 32 bits")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  measures all;
  counting(shape, all).run(passes_of_16_bits, passes_of_32_bits);
  return all.all_reached() ? 0 : 1;
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
