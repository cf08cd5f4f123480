// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/report/dead_share_csv.hpp>
#include <census/report/detectors_jsonl.hpp>
#include <census/report/layers_csv.hpp>
#include <census/report/neurons_csv.hpp>
#include <census/report/run_json.hpp>
#include <census/report/tables_file.hpp>
#include <census/report/whole_file.hpp>
#include <census/statistic/layer_census.hpp>
#include <census/statistic/layer_result.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// The folder that receives a census. Opened before the work begins, so that a folder that cannot be written is known
/// at once, and held against any other census; filled layer by layer; its files appear, each whole, with commit().
/// Without it, what was there before stays.
class census_folder {
 public:
  /// Throws bad_input naming the folder or file that cannot be written, or where another census is writing there.
  census_folder(std::filesystem::path folder, census_shape const& shape)
      : folder_(made(std::move(folder))), lock_(folder_), tables_(folder_ / "census.safetensors", shape),
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

  /// The same of a layer's result, its table by token where it has one.
  void append(layer_result layer) {
    if (layer.by_token) keep(layer.census.layer, *layer.by_token);
    append(std::move(layer.census), layer.by_domain, layer.by_position);
  }

  /// Tells of the profiles of detectors, all of them at once; profiles of others are passed over.
  void append(std::vector<neuron_profile> const& profiles) {
    suppression_ = suppression_by_layer(profiles);
    for (neuron_profile const& profile : profiles)
      if (profile.is_detector) write_detector_line(detectors_.stream(), profile);
    detectors_.check();
  }

  /// Keeps a layer's table by token, as tokens-LAYER.safetensors.
  void keep(std::uint32_t layer, firing_table<token_id> const& by_token) {
    auto const name = "tokens-" + std::to_string(layer) + ".safetensors";
    kept_[name] = write_token_table(folder_ / name, by_token);
  }

  /// Judges what needs all layers (judge_positional), and puts everything in its place. All files reach the disk before
  /// the first one is put there; run.json goes first and comes last, so that a folder with a run.json is complete and
  /// of one census; token tables of an earlier one go.
  void commit(run_record const& run, census_rules const& rules = {}) {
    judge_positional(layers_, rules);
    whole_file layers(folder_ / "layers.csv"), neurons(folder_ / "neurons.csv"),
        dead_shares(folder_ / "dead_share.csv"), record(folder_ / "run.json");
    write_layers_csv(layers.stream(), layers_, suppression_);
    write_dead_share_csv(dead_shares.stream(), layers_);
    write_neurons_csv(neurons.stream(), layers_, run.documents);
    write_run_json(record.stream(), run);
    tables_.finish(), detectors_.finish(), layers.finish(), neurons.finish(), dead_shares.finish(), record.finish();

    std::error_code ignored;
    std::filesystem::remove(folder_ / "run.json", ignored);
    for (auto const& entry : std::filesystem::directory_iterator(folder_, ignored)) {
      auto const name = entry.path().filename().string();
      if (name.starts_with("tokens-") && name.ends_with(".safetensors") && !kept_.contains(name))
        std::filesystem::remove(entry.path(), ignored);
    }
    tables_.commit(), detectors_.commit(), layers.commit(), neurons.commit(), dead_shares.commit();
    for (auto& [name, table] : kept_) table->commit();
    record.commit();
  }

 private:
  /// Holds a folder as long as it lives; the system lets go of it with the process.
  class folder_lock {
   public:
    explicit folder_lock(std::filesystem::path const& folder)
        : file_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
      if (file_ < 0 || ::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        std::string const cause = errno == EWOULDBLOCK ? "another census is writing into this folder"
                                                       : std::string("cannot be held: ") + std::strerror(errno);
        if (file_ >= 0) ::close(file_);
        throw bad_input(folder.string(), cause);
      }
    }
    folder_lock(folder_lock const&) = delete;
    folder_lock& operator=(folder_lock const&) = delete;
    ~folder_lock() { ::close(file_); }

   private:
    int file_;
  };

  static std::filesystem::path made(std::filesystem::path folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw bad_input(folder.string(), "the folder cannot be made: " + error.message());
    return folder;
  }

  std::filesystem::path folder_;
  folder_lock lock_;
  tables_file tables_;
  whole_file detectors_;
  std::map<std::string, std::unique_ptr<safetensors_writer>> kept_;
  std::vector<layer_census> layers_;
  std::map<std::uint32_t, layer_suppression> suppression_;
};

}  // namespace census
