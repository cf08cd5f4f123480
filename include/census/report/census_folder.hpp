// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/csv.hpp>
#include <census/report/detectors_jsonl.hpp>
#include <census/report/run_json.hpp>
#include <census/report/tables_file.hpp>
#include <census/report/whole_file.hpp>
#include <census/statistic/layer_census.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// The folder that receives a census. Opened before the work begins, so that a folder that cannot be written is known
/// at once; filled layer by layer; its files appear, each whole, with commit(). Without it, what was there before
/// stays.
class census_folder {
 public:
  /// Throws bad_input naming the folder or file that cannot be written.
  census_folder(std::filesystem::path folder, census_shape const& shape)
      : folder_(made(std::move(folder))), tables_(folder_ / "census.safetensors", shape),
        detectors_(folder_ / "detectors.jsonl") {}

  std::filesystem::path const& path() const { return folder_; }

  /// The layers appended so far.
  std::vector<layer_census> const& layers() const { return layers_; }

  /// Appends the next layer: its statistics and tables.
  void append(layer_census layer, firing_table<std::uint16_t> const& by_domain,
              firing_table<std::uint32_t> const& by_position) {
    tables_.append(layer, by_domain, by_position);
    layers_.push_back(std::move(layer));
  }

  /// Appends the portraits of detectors; portraits of others are passed over.
  void append(std::vector<neuron_portrait> const& portraits) {
    for (neuron_portrait const& portrait : portraits)
      if (portrait.is_detector) write_detector_line(detectors_.stream(), portrait);
  }

  /// Keeps a layer's table by token, as tokens-LAYER.safetensors.
  void keep(std::uint32_t layer, firing_table<token_id> const& by_token) const {
    write_token_table(folder_ / ("tokens-" + std::to_string(layer) + ".safetensors"), by_token);
  }

  /// Puts everything in its place; `run` last, so that a folder with a run.json of this run is complete.
  void commit(run_record const& run) {
    whole_file layers(folder_ / "layers.csv"), neurons(folder_ / "neurons.csv"), record(folder_ / "run.json");
    write_layers_csv(layers.stream(), layers_);
    write_neurons_csv(neurons.stream(), layers_, run.documents);
    write_run_json(record.stream(), run);
    tables_.commit();
    detectors_.commit();
    layers.commit();
    neurons.commit();
    record.commit();
  }

 private:
  static std::filesystem::path made(std::filesystem::path folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw bad_input(folder.string(), "the folder cannot be made: " + error.message());
    return folder;
  }

  std::filesystem::path folder_;
  tables_file tables_;
  whole_file detectors_;
  std::vector<layer_census> layers_;
};

}  // namespace census
