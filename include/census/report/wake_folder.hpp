// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/own_files.hpp>
#include <census/archive/whole_file.hpp>
#include <census/report/awakened_jsonl.hpp>
#include <census/report/run_json.hpp>
#include <census/report/silent_neurons_csv.hpp>
#include <census/statistic/activating_input.hpp>
#include <census/statistic/silence_census.hpp>
#include <census/token_id.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

namespace census {

/// The folder that receives what a search for activating inputs found: awakened.jsonl, silent_neurons.csv and, the last
/// of them, wake.json, the record of the search. Opened before the search begins; as with census_folder, files that no
/// search wrote stay. It may be the folder of a census.
class wake_folder {
 public:
  /// Throws bad_input naming the folder or file that cannot be written, or a file in the way.
  explicit wake_folder(std::filesystem::path folder) : files_(std::move(folder), record_name, writes) {}

  /// Whether a file of this name is one that a search writes.
  static bool writes(std::string_view name) { return std::ranges::find(names, name) != names.end(); }

  std::filesystem::path const& path() const { return files_.path(); }

  /// Puts everything in its place; decode(token) gives a token's text.
  template <std::invocable<token_id> Decode>
  void commit(run_record run, std::span<activating_input const> found, std::span<silence_census const> layers,
              Decode const& decode) {
    write_awakened_jsonl(awakened_.stream(), found, decode);
    write_silent_neurons_csv(silent_.stream(), layers);
    run.results.assign(files_.claimed().begin(), files_.claimed().end());
    write_run_json(record_.stream(), run);
    awakened_.finish(), silent_.finish(), record_.finish();
    files_.begin_replacing();
    awakened_.commit(), silent_.commit(), record_.commit();
    files_.finished();
  }

 private:
  static constexpr char const* record_name = "wake.json";
  static constexpr std::array<std::string_view, 3> names{"awakened.jsonl", "silent_neurons.csv", record_name};

  own_files files_;
  whole_file awakened_{files_.claim("awakened.jsonl")}, silent_{files_.claim("silent_neurons.csv")},
      record_{files_.claim(record_name)};
};

}  // namespace census
