// SPDX-License-Identifier: MIT
// benchmarks_as_one NAME [ARGUMENT...]: runs one of the benchmarks that are compiled as one, where nothing is measured:
// for their checks.
#include <iostream>
#include <map>
#include <string_view>

// clang-format off
namespace survey_cpp { int main(int, char**); }
namespace layer_cpp { int main(int, char**); }
namespace examples_cpp { int main(int, char**); }
namespace replay_cpp { int main(int, char**); }
namespace census_survey_cpp { int main(int, char**); }
// clang-format on

int main(int argc, char** argv) {
  std::map<std::string_view, int (*)(int, char**)> const benchmarks{{"survey", survey_cpp::main},
                                                                    {"layer", layer_cpp::main},
                                                                    {"examples", examples_cpp::main},
                                                                    {"replay", replay_cpp::main},
                                                                    {"census_survey", census_survey_cpp::main}};
  auto const found = argc > 1 ? benchmarks.find(argv[1]) : benchmarks.end();
  if (found == benchmarks.end()) {
    std::cerr << "benchmarks_as_one: names no benchmark that can be run so\n";
    return 2;
  }
  return found->second(argc - 1, argv + 1);
}
