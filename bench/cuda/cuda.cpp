// SPDX-License-Identifier: MIT
// What a census costs on a device, as a table with the goals: counting against a copy, surveys against bare products.
// Exit code 1 where a goal is not reached.
#include "report.hpp"

#include <census/cuda/cublaslt_products.hpp>

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

int main(int argc, char** argv) try {
  report_settings settings;
  std::string precision = "half";
  CLI::App app{"A census on a CUDA device, against copies and bare products; prints a table"};
  app.add_option("--precision", precision)->capture_default_str();
  app.add_option("--context", settings.context, "Tokens of a sequence")
      ->capture_default_str()
      ->check(CLI::Range(2, 2048));
  app.add_option("--tokens", settings.tokens, "Of a survey")->capture_default_str();
  app.add_flag("--surveys", settings.surveys_alone, "Surveys alone");
  CLI11_PARSE(app, argc, argv);
  settings.precision = census::cuda::precision_of(precision).value();
  return report_device<census::cuda::cublaslt_products>(settings) ? 0 : 1;
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
