// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/own_files.hpp>
#include <census/archive/safetensors_writer.hpp>
#include <census/archive/whole_file.hpp>
#include <census/report/dead_share_csv.hpp>
#include <census/report/detectors_jsonl.hpp>
#include <census/report/examples_jsonl.hpp>
#include <census/report/is_census_file.hpp>
#include <census/report/layers_csv.hpp>
#include <census/report/neurons_csv.hpp>
#include <census/report/projections_file.hpp>
#include <census/report/run_json.hpp>
#include <census/report/tables_file.hpp>
#include <census/report/token_table.hpp>
#include <census/report/write_table.hpp>
#include <census/statistic/census_rules.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/statistic/layer_summary.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// The folder that receives a census. Opened before the work begins, so that a folder that cannot be written is known
/// at once, and held against any other census; filled layer by layer; its files appear, each whole, with commit().
/// Without it, what was there before stays. Files that no census wrote always stay (own_files).
///
/// Where the shape is known only after much was read, the folder is held before that, and claim() is called as soon as
/// all but `domains` and `positions` is known:
///
///     auto files = census::census_folder::hold("out");
///     ...
///     census::census_folder::claim(*files, shape);
///     ...
///     census::census_folder folder(std::move(files), shape);
class census_folder {
 public:
  /// Throws bad_input naming the folder or file that cannot be written, a file in the way that no census wrote, or
  /// where another census is writing there.
  census_folder(std::filesystem::path folder, census_shape const& shape)
      : census_folder(hold(std::move(folder)), shape) {}

  /// A folder that hold() holds. Throws bad_input naming a file that cannot be written or is in the way.
  census_folder(std::unique_ptr<own_files> held, census_shape const& shape)
      : files_(std::move(held)), tables_(files_->claim(tables_name), shape), detectors_(files_->claim(detectors_name)),
        projections_(shape.projections) {
    claim(*files_, shape);
    if (shape.examples) examples_ = std::make_unique<whole_file>(files_->claim(examples_name));
  }

  /// Holds a folder for a census of which nothing else is known yet, and refuses what is in the way of any.
  static std::unique_ptr<own_files> hold(std::filesystem::path folder) {
    auto files = std::make_unique<own_files>(std::move(folder), record_name, is_census_file);
    for (auto const* name : {record_name, "layers.csv", "neurons.csv", "dead_share.csv", detectors_name, tables_name})
      files->claim(name);
    return files;
  }

  /// Refuses what is in the way of a census of this shape.
  static void claim(own_files& files, census_shape const& shape) {
    for (std::size_t i = 0; i < shape.layers; ++i) {
      if (shape.token_tables) files.claim(token_table_name(shape.first_layer + i));
      if (shape.projections) files.claim(projections_file_name(shape.first_layer + i));
      if (shape.states) files.claim("state-" + std::to_string(shape.first_layer + i) + ".safetensors");
    }
    if (shape.states) files.claim("state-text.safetensors");
    if (shape.examples) files.claim(examples_name);
  }

  std::filesystem::path const& path() const { return files_->path(); }

  /// What a run should say of how the folder is held (own_files); empty where there is nothing to say.
  std::string warning() const { return files_->warning(); }

  /// Whether it was told of detectors: else there is no detectors.jsonl.
  bool tells_detectors() const { return tells_detectors_; }

  /// Whether examples of firings are among what it receives.
  bool tells_examples() const { return examples_ != nullptr; }

  /// Whether what all neurons promote and suppress is.
  bool tells_projections() const { return projections_; }

  /// The censuses of the layers appended so far; judge_positional and judge_detectors judge them where they are.
  std::span<layer_census> layers() { return layers_; }
  std::span<layer_census const> layers() const { return layers_; }

  /// Appends the next layer: its census and tables. A table by token becomes tokens-LAYER.safetensors, what neurons
  /// promote projections-LAYER.safetensors; examples are lines of examples.jsonl, where shape.examples announced them.
  void append(layer_result const& layer) {
    tables_.append(layer);
    if (layer.by_token) {
      auto const name = token_table_name(layer.census.layer);
      layer_files_[name] = stage_table(files_->claim(name), *layer.by_token, layer.token_strings);
    }
    if (layer.projections) {
      auto const name = projections_file_name(layer.census.layer);
      layer_files_[name] = stage_projections(files_->claim(name), *layer.projections);
    }
    if (examples_ && layer.examples) {
      write_example_lines(examples_->stream(), layer.census.layer, *layer.examples);
      examples_->check();
    }
    layers_.push_back(layer.census);
  }

  /// Takes a file that shape.states announced, state-LAYER.safetensors or state-text.safetensors: finished, but not yet
  /// in its place in the folder (stage_state), where commit() puts it.
  void append(std::string const& name, std::unique_ptr<safetensors_writer> state) {
    files_->claim(name);
    layer_files_[name] = std::move(state);
  }

  /// Takes such a file over from another folder: where it lies when this is committed. There it stays, too.
  void adopt(std::string const& name, std::filesystem::path file) { adopted_[files_->claim(name)] = std::move(file); }

  /// Tells of the profiles of detectors, all of them at once, with the verdicts on those of tokens; profiles of others
  /// are passed over. Throws std::logic_error where the firings were kept and judge_detectors has not been called.
  void append(std::vector<neuron_profile> const& profiles) {
    check_detectors_are_judged();
    tells_detectors_ = true;
    suppression_ = suppression_by_layer(profiles);
    for (neuron_profile const& profile : profiles)
      if (profile.is_detector) write_detector_line(detectors_.stream(), with_verdict(profile));
    detectors_.check();
  }

  /// Puts everything in its place. All files reach the disk before the first one is put there; run.json goes first and
  /// comes last, so that a folder with a run.json is complete and of one census; files of an earlier one go.
  /// Throws std::logic_error where position was counted and judge_positional has not been called on the layers, or the
  /// firings were kept and judge_detectors has not. `rules` are those that the layers were taken by.
  void commit(run_record run, census_rules const& rules = {}) {
    check_detectors_are_judged();
    for (layer_census const& layer : layers_)
      if (layer.position.full_sequences > 0 && !layer.position.decoy_threshold)
        throw std::logic_error("census::census_folder: layer " + std::to_string(layer.layer) +
                               " is not judged yet; call judge_positional(folder.layers()) first");
    whole_file layers(files_->claim("layers.csv")), neurons(files_->claim("neurons.csv")),
        dead_shares(files_->claim("dead_share.csv")), record(files_->claim(record_name));
    write_layers_csv(layers.stream(), layers_, summarise_layers(layers_, rules), suppression_);
    write_dead_share_csv(dead_shares.stream(), layers_);
    write_neurons_csv(neurons.stream(), layers_);
    if (!tells_detectors_) files_->give_up(detectors_name);
    run.results.assign(files_->claimed().begin(), files_->claimed().end());
    write_run_json(record.stream(), run);
    tables_.finish(), detectors_.finish(), layers.finish(), neurons.finish(), dead_shares.finish(), record.finish();
    if (examples_) examples_->finish();
    std::vector<std::unique_ptr<whole_file>> adopted;
    for (auto const& [place, file] : adopted_) {
      adopted.push_back(std::make_unique<whole_file>(place));
      adopted.back()->take_content_of(file);
    }

    files_->begin_replacing();
    tables_.commit(), layers.commit(), neurons.commit(), dead_shares.commit();
    if (tells_detectors_) detectors_.commit();
    if (examples_) examples_->commit();
    for (auto& [name, file] : layer_files_) file->commit();
    for (auto const& file : adopted) file->commit();
    record.commit();
    files_->finished();
  }

 private:
  static constexpr char const *record_name = "run.json", *detectors_name = "detectors.jsonl",
                              *tables_name = "census.safetensors", *examples_name = "examples.jsonl";

  void check_detectors_are_judged() const {
    for (layer_census const& layer : layers_)
      if (layer.tokens.verdicts.size() != layer.tokens.claims.size())
        throw std::logic_error("census::census_folder: the detectors of layer " + std::to_string(layer.layer) +
                               " are not judged yet; call judge_detectors(folder.layers()) first");
  }

  /// The profile with what was decided over all layers: whether the neuron surely detects tokens.
  neuron_profile with_verdict(neuron_profile profile) const {
    auto const layer = std::ranges::find(layers_, profile.layer, &layer_census::layer);
    bool const of_tokens = !profile.ngrams.empty() && profile.ngrams.front().ids.size() == 1;
    if (of_tokens && layer != layers_.end() && !layer->tokens.verdicts.empty())
      profile.reliability.verdict = layer->tokens.verdicts.at(profile.neuron);
    return profile;
  }

  std::unique_ptr<own_files> files_;
  tables_file tables_;
  whole_file detectors_;
  bool tells_detectors_ = false, projections_;
  std::unique_ptr<whole_file> examples_;                                    // where they are told
  std::map<std::string, std::unique_ptr<safetensors_writer>> layer_files_;  // of one layer each
  std::map<std::filesystem::path, std::filesystem::path> adopted_;          // by their places
  std::vector<layer_census> layers_;
  std::map<std::uint32_t, layer_suppression> suppression_;
};

}  // namespace census
