// SPDX-License-Identifier: MIT
// census record: a model's firings on some text as files, for censuses without the forward pass, and for NumPy.
#include <census/model/layers.hpp>
#include <census/model/memory_plan.hpp>
#include <census/model/model_origin.hpp>
#include <census/printable.hpp>
#include <census/recording/recording_writer.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>

#include "model_options.hpp"

#include <tbb/global_control.h>

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace {

struct record_settings : model_options {
  std::string values = "none";
  std::uint64_t memory = std::uint64_t{4} << 30, shard = std::uint64_t{1} << 30;
};

census::recorded_values values_of(record_settings const& asked) {
  using enum census::recorded_values;
  if (asked.values == "none") return none;
  return asked.values == "activations" ? activations : pre_activations;
}

void tell(census::recording_description const& about, std::string const& folder) {
  std::uint64_t const rows = about.tokens * about.layers;
  std::uint64_t bytes = rows * census::recording_writer::bytes_of_row(about.neurons);
  if (about.values != census::recorded_values::none) bytes += rows * sizeof(float) * about.neurons;
  std::cerr << about.tokens << " tokens in " << about.sequences << " sequences, " << about.layers << " layers of "
            << about.neurons << " neurons: " << (bytes >> 20) + 1 << " MiB in " << census::printable(folder) << '\n';
}

void record(record_settings const& asked) {
  tbb::global_control const threads(tbb::global_control::max_allowed_parallelism, asked.threads);
  auto const values = values_of(asked);
  auto results = census::recording_writer::hold(asked.out);
  auto const model = census::open_model(asked.model);
  auto const range = chosen_layers(model, asked);
  census::recording_writer::claim(*results, range.first, range.last - range.first, values);
  auto const corpus = open_texts(model, asked, asked.memory);
  tell_of_reading(model, corpus, asked);
  bool const keeps = values != census::recorded_values::none;

  constexpr std::uint64_t program = 64 << 20;
  std::uint64_t const a_sequence = 2 * sizeof(float) * corpus.context() * model.architecture().ffn_size;
  auto const plan = plan_layers(model, range, corpus.tokens(), corpus.context(), asked.threads,
                                corpus.bytes_held() + program + (keeps ? a_sequence : 0), asked.memory);
  auto const about = census::describe_recording(model, corpus, range.first, range.last - range.first, values,
                                                shared_settings(asked, corpus));
  census::recording_writer writer(std::move(results), about, asked.shard);
  tell(about, asked.out);
  census::progress progress(corpus.tokens() * about.layers);
  for (auto&& layer : census::layers(model, corpus,
                                     {.layers = range,
                                     .rows_per_block = keeps ? corpus.context() : plan.rows_per_block,
                                     .keep_values = {keeps, values == census::recorded_values::pre_activations},
                                     .residual_memory = plan.residuals_held,
                                     .residual_folder = asked.out}))
    census::survey(layer, writer, progress);
  progress.step("writing the recording");
  writer.commit();
  progress.finish();
  std::cout << "The recording lies in " << census::printable(writer.path().string())
            << ": recording.json says what of, text.safetensors holds the tokens\n";
}

}  // namespace

void add_record(CLI::App& program) {
  auto const asked = std::make_shared<record_settings>();
  CLI::App& command = *program.add_subcommand(
      "record", "Writes a model's firings on some text to files: censuses of them need no forward pass.");
  add_model_options(command, *asked);
  command
      .add_option("--values", asked->values,
                  "Also write the values, in float32, 32 times as large: what comes out of the activation function, or "
                  "what goes into it")
      ->type_name("activations|pre-activations")
      ->check(CLI::IsMember({"activations", "pre-activations"}));
  add_size(command, "--shard", asked->shard, "The size of a file, at most").default_str("1GiB");
  add_size(command, "--memory", asked->memory, "The most memory to use").default_str("4GiB");
  command.footer(
      "Example: census record --model models/opt-125m --text wiki=wiki.txt --out recorded-125m\n"
      "         census take --recording recorded-125m --model models/opt-125m --out census-125m\n"
      "In --out: recording.json (what was recorded of what), text.safetensors, and firings-LAYER-NUMBER.safetensors, a "
      "bit a neuron and token. NumPy opens them in three lines: docs/recordings.md. The census of a recording has the "
      "same bytes as that of the model running.");
  command.callback([asked] { record(*asked); });
}
