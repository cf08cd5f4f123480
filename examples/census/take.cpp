// SPDX-License-Identifier: MIT
// census take: which neurons of a model are dead, which answer to one token, which only tell the position.
#include "take_run.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

void print_hint() {
  if (auto const kernel = census::better_kernel())
    std::cerr << "hint: OpenBLAS does not know this processor and leaves out its AVX-512; with OPENBLAS_CORETYPE="
              << *kernel << " in the environment it may be 1.5 times as fast (docs/benchmarks.md)\n";
}

/// Throws where options do not go together.
void check_usage(take_settings const& asked) {
  if (asked.texts.empty() && asked.recording.empty()) throw CLI::RequiredError("--text, or --recording,");
  if (!asked.recording.empty() && other_ranks() != nullptr)
    throw census::bad_input("--recording " + asked.recording, "is replayed by one process, without mpirun");
  if (asked.recording.empty() && asked.device == "cpu" && (asked.precision != "exact" || asked.device_memory != 0))
    throw census::bad_input(asked.device_memory != 0 ? "--device-memory" : "--precision " + asked.precision,
                            "is for --device cuda");
}

void take(take_settings const& asked) {
  if (!asked.recording.empty()) return take_recording(asked);
  if (asked.device != "cpu") return take_on_device(asked);
  auto const threads = limit_threads(asked);
  auto open = open_census(asked);
  take_census_of(open.model, open, asked, [](auto const&) { print_hint(); });
}

// Parts of a text are censuses of their own; the rounding sample is of the whole, and in none of them.
void take_part(take_settings& asked, std::string const& part, bool asks_for_sample) {
  try {
    asked.documents = census::document_subset::parse(part);
  } catch (std::invalid_argument const& error) {
    throw census::bad_input("--part " + part, error.what());
  }
  if (asks_for_sample && asked.rounding_sample > 0)
    throw census::bad_input("--rounding-sample " + std::to_string(asked.rounding_sample),
                            "is a sample of the whole text, which no part takes; with --part it is 0");
  asked.rounding_sample = 0;
  asked.keep_state = true;
}

void add_device_options(CLI::App& command, take_settings& asked) {
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
void add_recording_option(CLI::App& command, take_settings& asked) {
  auto& recording = *command.add_option("--recording", asked.recording,
                                        "What census record wrote of this model: it is replayed instead of running the "
                                        "model, and brings its text. The results have the same bytes");
  recording.type_name("DIR");
  command.get_option("--text")->required(false);
  for (auto const* of_texts : {"--text", "--field", "--split", "--context", "--tokens", "--no-bos"})
    recording.excludes(command.get_option(of_texts));
}

}  // namespace

void add_take(CLI::App& program) {
  auto const asked = std::make_shared<take_settings>();
  CLI::App& command = *program.add_subcommand(
      "take", "Takes the census of a model on some text: which neurons are dead, which answer to one token, which only "
              "tell the position.");
  add_model_options(command, *asked);
  add_recording_option(command, *asked);
  command
      .add_option("--ngrams", asked->ngrams,
                  "Detectors of n-grams up to this n. 1 keeps no firings, which else take an eighth of a byte a token "
                  "and neuron, in memory or in a file, but tells of tokens alone")
      ->capture_default_str()
      ->check(CLI::Range(1, 5));
  command.add_flag("--pre-activations", asked->pre_activations,
                   "Also keep what goes into the activation function: firings that the layer's own rounding may have "
                   "decided, and how "
                   "near each neuron came to firing. Slower");
  command
      .add_option("--examples", asked->examples,
                  "Of each neuron, the text around so many of its largest activations, one a sequence: examples.jsonl")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command
      .add_option("--example-bins", asked->example_bins,
                  "Also the text around a few firings out of each of so many quantiles of a neuron's firings")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  command
      .add_option("--projections", asked->projections,
                  "Of each neuron, so many tokens that it promotes most and so many that it suppresses most: "
                  "projections-LAYER.safetensors. Takes as long as vocabulary / 3 tokens of text; 0: of detectors "
                  "alone, in detectors.jsonl")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command
      .add_option("--rounding-sample", asked->rounding_sample,
                  "Sequences, spread over the text, that are computed in double precision as well, so that layers.csv "
                  "tells what rounding does to firings. Each takes about as long as ten others; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096));
  add_size(command, "--memory", asked->memory, "The most memory to use; a census that needs more does not begin")
      .default_str("4GiB");
  add_device_options(command, *asked);
  command.add_flag(
      "--keep-tables", asked->keep_tables,
      "Keep each layer's table by token, tokens-LAYER.safetensors, so that counts of several texts can be added");
  auto const part = std::make_shared<std::string>();
  command
      .add_option("--part", *part,
                  "Take every Nth document of the text, from the Ith on, and keep the states: census merge makes of "
                  "parts 1/N to N/N the census of the whole. Without --rounding-sample")
      ->type_name("I/N")
      ->excludes(command.get_option("--recording"));
  command.add_flag("--keep-state", asked->keep_state,
                   "Keep what census merge goes on from: state-LAYER.safetensors and state-text.safetensors");
  command
      .add_option("--snapshot-every", asked->snapshot_every,
                  "Time between two snapshots, from which --resume goes on, as 30s, 10min or 1h; 0s: only when the run "
                  "is interrupted")
      ->type_name("TIME")
      ->default_str("10min")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"min", 60}, {"h", 3600}},
                                        CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME"))
      ->check(CLI::NonNegativeNumber);
  command.add_flag("--resume", asked->resume,
                   "Go on with a census that was interrupted, by the same command; begin where there is none");
  command.footer(
      "Example: census take --model models/opt-125m --text wiki=wiki.txt code=code.jsonl --out census-125m\n"
      "In --out: run.json (what was run on what), layers.csv and neurons.csv (a row a layer, a neuron), "
      "detectors.jsonl (a line a detector), dead_share.csv, census.safetensors (the counts), "
      "projections-LAYER.safetensors (what neurons promote). docs/results.md explains each column and when not to "
      "believe it; census compare shows several folders side by side.\n"
      "Several processes take one census together by mpirun -n N census take ... (docs/ranks.md).\n"
      "Exit: 0 done, 2 bad input or usage, 130 or 143 interrupted, 1 anything else. Earlier results stay whole unless "
      "the "
      "census is done.");
  command.callback([asked, part, &command] {
    on_all_ranks([&] {
      check_usage(*asked);
      if (command.count("--part") > 0) take_part(*asked, *part, command.count("--rounding-sample") > 0);
    });
    if (other_ranks() != nullptr && command.count("--threads") == 0) asked->threads = threads_of_rank();
    take(*asked);
  });
}
