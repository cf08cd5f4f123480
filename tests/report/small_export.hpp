// SPDX-License-Identifier: MIT
// The files of a small census as far as exports read them: two layers of three neurons, with hostile text.
#pragma once

#include <census/report/examples_jsonl.hpp>

#include <support/temporary_folder.hpp>

#include <sstream>
#include <string>

namespace census_test {

/// Markup, quotes, a bell and an escape sequence, a mark of direction, a line's end.
inline std::string const hostile_text = "\"</script><b>\a\x1b[31m\xe2\x80\xae\n=1+1\\";

/// Neuron 0 of either layer never fired; neuron 1 has bins, neuron 2 of layer 1 none.
inline void write_small_census(temporary_folder const& folder) {
  census::activation_example const large{2.5f, {3, 0, 1}, 0, {7, 8, 9}, {0.25f, 2.5f, 0}},
      small{0.5f, {1, 1, 4}, 4, {9, 7}, {0.5f, 0}};
  census::layer_examples const first{{{1, {large, small}, {{0.5f, 0.5f, 0.5, {small}}, {2.5f, 2.5f, 0.5, {large}}}}},
                                     {{7, hostile_text}, {8, "\xff"}, {9, " nine"}}},
      second{{{2, {small}, {}}}, first.token_texts};
  std::ostringstream lines;
  census::write_example_lines(lines, 0, first), census::write_example_lines(lines, 1, second);
  folder.write("examples.jsonl", lines.str());
  folder.write("run.json", "{}");
  folder.write("layers.csv", "layer,neurons,dead,token_detectors,bigram_detectors\n0,3,2,1,0\n1,3,2,0,\n");
  folder.write("neurons.csv", "layer,neuron,firings,firings_without_bos,frequency,new\n"
                              "0,0,0,0,0,x\n0,1,5,4,0.125,\n0,2,0,0,0,\n1,0,0,0,0,\n1,1,0,0,0,\n1,2,1,1,0.03125,\n");
  folder.write("detectors.jsonl", R"({"layer":0,"neuron":1,"n":1,"promoted":[{"text":" up","id":1,"score":3.5}],)"
                                  R"("suppressed":[{"text":"down","id":2,"score":-1},{"text":"\"","id":3,"score":0}]})"
                                  "\n");
}

}  // namespace census_test
