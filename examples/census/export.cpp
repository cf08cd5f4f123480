// SPDX-License-Identifier: MIT
// census export: the examples of a census in the forms that other tools take.
#include <census/archive/whole_folder.hpp>
#include <census/error.hpp>
#include <census/printable.hpp>
#include <census/report/neuron_records.hpp>
#include <census/report/neuronpedia.hpp>
#include <census/report/projections_file.hpp>
#include <census/report/read_run_json.hpp>
#include <census/report/run_json.hpp>
#include <census/survey/progress.hpp>

#include "command_line.hpp"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace {

namespace fs = std::filesystem;

struct export_settings {
  std::string census, to, out, model_id;
};

/// What other tools call the model: what was asked for, else the name of the folder that it was read from.
std::string model_id(export_settings const& asked) {
  if (!asked.model_id.empty()) return asked.model_id;
  fs::path const folder = census::read_run_of(asked.census).setting("model").value_or("");
  auto const name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  if (name.empty() || name == "." || name == "..")
    throw census::bad_input(asked.census, "does not tell the model's name; --model-id NAME does");
  return name;
}

/// Says what the values are not: a census does not tell its model's activation function, nor whether that is ReLU.
void warn_of_values(export_settings const& asked, census::run_record const& run) {
  if (run.setting("pre_activations") == "yes")
    std::cerr << census::printable("warning: " + asked.census +
                                   " was taken with --pre-activations: the values of its examples are what goes into "
                                   "the activation function. Those of ReLU are the activations, of any other they are "
                                   "not, though both forms call them so")
              << '\n';
}

void export_census(export_settings const& asked) {
  bool const to_neuronpedia = asked.to == "neuronpedia";
  if (!to_neuronpedia && !asked.model_id.empty())
    throw census::bad_input("--model-id " + asked.model_id, "is for --to neuronpedia; NeuronRecords name no model");
  census::whole_folder out(asked.out);
  census::progress progress;
  progress.begin("exporting", 0, "neurons");
  auto const tell = [&](std::uint64_t exported, std::uint64_t in_all) { progress.reach(exported, in_all); };
  to_neuronpedia ? census::export_to_neuronpedia(asked.census, model_id(asked), out, tell)
                 : census::export_neuron_records(asked.census, out, tell);
  progress.step("writing the export");
  out.commit();
  progress.finish();

  auto const run = census::read_run_of(asked.census);
  warn_of_values(asked, run);
  if (!to_neuronpedia)
    std::cerr << "left empty, for a census does not hold it: mean, variance, skewness and kurtosis; "
                 "random_sample, random_sample_by_quantile and quantile_boundaries without census take "
                 "--example-bins\n";
  else if (!census::tells_projections(run))
    std::cerr << "left empty, for this census does not hold it: topLogits and bottomLogits of neurons that are no "
                 "detectors; census take --projections K writes them of all\n";
  std::cout << census::printable("The export lies in " + asked.out) << '\n';
}

}  // namespace

void add_export(CLI::App& program) {
  auto const asked = std::make_shared<export_settings>();
  CLI::App& command = *program.add_subcommand(
      "export", "Writes the neurons of a census, with examples of their firings, as other tools take them.");
  command.add_option("census", asked->census, "A folder that census take --examples wrote")
      ->required()
      ->type_name("FOLDER");
  command
      .add_option("--to", asked->to,
                  "neuronpedia: batches of its upload, LAYER/batch-N.json; openai: a NeuronRecord a neuron, "
                  "LAYER/NEURON.json")
      ->required()
      ->check(CLI::IsMember({"neuronpedia", "openai"}));
  command.add_option("--out", asked->out, "The folder that receives the export: a new or an empty one")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--model-id", asked->model_id,
                  "What Neuronpedia calls the model (default: its folder's name); with --to neuronpedia alone")
      ->type_name("NAME");
  command.footer("docs/exports.md tells which field comes from where, and what stays empty.\n"
                 "Example: census take --model models/opt-125m --text wiki.txt --examples 20 --example-bins 5 --out a\n"
                 "         census export a --to neuronpedia --out upload");
  command.callback([asked] { export_census(*asked); });
}
