// SPDX-License-Identifier: MIT
// examples.jsonl, line by line, and the census around it as exports read it.
#include <census/report/examples_jsonl.hpp>
#include <census/report/examples_reader.hpp>
#include <census/report/exported_neurons.hpp>

#include <fuzz/support/ensure.hpp>
#include <fuzz/support/input_folder.hpp>

#include <cstddef>
#include <fstream>
#include <span>

void fuzz_examples(std::span<std::byte const> input) {
  using census_fuzz::ensure;
  census_fuzz::input_folder const files(input,
                                        {"examples.jsonl", "neurons.csv", "detectors.jsonl", "layers.csv", "run.json"});
  files.read([&] {
    census::examples_reader lines(files / "examples.jsonl");
    while (auto const line = lines.next()) {
      {
        std::ofstream again(files / "again.jsonl");
        census::write_example_lines(again, line->layer, {{line->examples}, line->token_texts});
      }
      auto const once_more = census::examples_reader(files / "again.jsonl").next();
      ensure(once_more && once_more->layer == line->layer && once_more->examples == line->examples,
             "what is read is written and read as it was");
    }
  });
  files.read([&] {
    census::exported_neurons neurons(files.path());
    while (auto const neuron = neurons.next())
      for (auto const& example : neuron->examples.largest)
        ensure(neuron->tokens_of(example).size() == example.values.size(), "each token has its text and its value");
  });
}
