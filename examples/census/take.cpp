// SPDX-License-Identifier: MIT
// census take: which neurons of a model are dead, which answer to one token, which only tell the position.
#include "take_options.hpp"
#include "take_run.hpp"

#include <iostream>
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
void take_part(take_settings& asked, bool asks_for_sample) {
  try {
    asked.documents = census::document_subset::parse(asked.part);
  } catch (std::invalid_argument const& error) {
    throw census::bad_input("--part " + asked.part, error.what());
  }
  if (asks_for_sample && asked.rounding_sample > 0)
    throw census::bad_input("--rounding-sample " + std::to_string(asked.rounding_sample),
                            "is a sample of the whole text, which no part takes; with --part it is 0");
  asked.rounding_sample = 0;
  asked.keep_state = true;
}

}  // namespace

void add_take(CLI::App& program) {
  auto const asked = std::make_shared<take_settings>();
  CLI::App& command = *program.add_subcommand(
      "take", "Takes the census of a model on some text: which neurons are dead, which answer to one token, which only "
              "tell the position.");
  add_model_options(command, *asked);
  add_recording_option(command, *asked);
  add_counting_options(command, *asked);
  add_size(command, "--memory", asked->memory, "The most memory to use; a census that needs more does not begin")
      .default_str("4GiB");
  add_device_options(command, *asked);
  add_keeping_options(command, *asked);
  add_snapshot_options(command, *asked);
  command.footer(
      "Example: census take --model models/opt-125m --text wiki=wiki.txt code=code.jsonl --out census-125m\n"
      "In --out: run.json (what was run on what), layers.csv and neurons.csv (a row a layer, a neuron), "
      "detectors.jsonl (a line a detector), dead_share.csv, census.safetensors (the counts), "
      "projections-LAYER.safetensors (what neurons promote). docs/results.md explains each column and when not to "
      "believe it; census compare shows several folders side by side.\n"
      "Several processes take one census together by mpirun -n N census take ... (docs/ranks.md).\n"
      "Exit: as census --help has it. Earlier results stay whole unless the census is done.");
  command.callback([asked, &command] {
    on_all_ranks([&] {
      check_usage(*asked);
      if (command.count("--part") > 0) take_part(*asked, command.count("--rounding-sample") > 0);
    });
    if (other_ranks() != nullptr && command.count("--threads") == 0) asked->threads = threads_of_rank();
    take(*asked);
  });
}
