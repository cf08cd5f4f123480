// SPDX-License-Identifier: MIT
// The options of `census take`, beside those that all subcommands have which run a model.
#pragma once

#include "command_line.hpp"
#include "settings.hpp"

#include <map>
#include <string>

/// What is counted, and told of neurons.
inline void add_counting_options(CLI::App& command, take_settings& asked) {
  command
      .add_option("--ngrams", asked.ngrams,
                  "Detectors of n-grams up to this n. 1 keeps no firings, which else take an eighth of a byte a token "
                  "and neuron, in memory or in a file, but tells of tokens alone")
      ->capture_default_str()
      ->transform(whole_number(1, 5));
  command.add_flag("--pre-activations", asked.pre_activations,
                   "Also keep what goes into the activation function: firings that the layer's own rounding may have "
                   "decided, and how near each neuron came to firing. Slower");
  command
      .add_option("--examples", asked.examples,
                  "Of each neuron, the text around so many of its largest activations, one a sequence: examples.jsonl")
      ->capture_default_str()
      ->transform(whole_number(0, 1000));
  command
      .add_option("--example-bins", asked.example_bins,
                  "Also the text around a few firings out of each of so many quantiles of a neuron's firings")
      ->capture_default_str()
      ->transform(whole_number(0, 100));
  command
      .add_option("--projections", asked.projections,
                  "Of each neuron, so many tokens that it promotes most and so many that it suppresses most: "
                  "projections-LAYER.safetensors. Takes as long as vocabulary / 3 tokens of text; 0: of detectors "
                  "alone, in detectors.jsonl")
      ->capture_default_str()
      ->transform(whole_number(0, 1000));
  command
      .add_option("--rounding-sample", asked.rounding_sample,
                  "Sequences, spread over the text, that are computed in double precision as well, so that layers.csv "
                  "tells what rounding does to firings. Each takes about as long as ten others; 0: none")
      ->capture_default_str()
      ->transform(whole_number(0, 4096));
}

inline void add_device_options(CLI::App& command, take_settings& asked) {
  command
      .add_option(
          "--device", asked.device,
          "What the model runs on and firings are counted on: the processor, or CUDA devices by their numbers, each of "
          "which runs some of the texts")
      ->type_name("cpu|cuda[:N,M,...|:all]")
      ->capture_default_str();
  command
      .add_option("--precision", asked.precision,
                  "Of a CUDA device's products: exact (float32), tf32, half or bfloat16. Everything else is float32")
      ->capture_default_str();
  add_size(command, "--device-memory", asked.device_memory,
           "The most memory of each CUDA device to use (default: nine tenths of what is free where that is least)");
}

/// A recording brings its text, so nothing is said of texts beside it.
inline void add_recording_option(CLI::App& command, take_settings& asked) {
  auto& recording = *command.add_option("--recording", asked.recording,
                                        "What census record wrote of this model: it is replayed instead of running the "
                                        "model, and brings its text. The results have the same bytes");
  recording.type_name("DIR");
  command.get_option("--text")->required(false);
  for (auto const* of_texts : {"--text", "--field", "--split", "--context", "--tokens", "--no-bos"})
    recording.excludes(command.get_option(of_texts));
}

/// What is kept beside the results. To be added behind --recording.
inline void add_keeping_options(CLI::App& command, take_settings& asked) {
  command.add_flag(
      "--keep-tables", asked.keep_tables,
      "Keep each layer's table by token, tokens-LAYER.safetensors, so that counts of several texts can be added");
  command
      .add_option("--part", asked.part,
                  "Take every Nth document of the text, from the Ith on, and keep the states: census merge makes of "
                  "parts 1/N to N/N the census of the whole. Without --rounding-sample")
      ->type_name("I/N")
      ->excludes(command.get_option("--recording"));
  command.add_flag("--keep-state", asked.keep_state,
                   "Keep what census merge goes on from: state-LAYER.safetensors and state-text.safetensors");
}

inline void add_snapshot_options(CLI::App& command, take_settings& asked) {
  command
      .add_option("--snapshot-every", asked.snapshot_every,
                  "Time between two snapshots, from which --resume goes on, as 30s, 10min or 1h; 0s: only when the run "
                  "is interrupted")
      ->type_name("TIME")
      ->default_str("10min")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"min", 60}, {"h", 3600}},
                                        CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
      ->transform(decimal_with_unit("a time, such as 30s, 10min or 1h"))
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--resume", asked.resume,
                   "Go on with a census that was interrupted, by the same command; begin where there is none");
}
