// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace census {

/// Tells a file or folder from all others, whatever its names: device and number on it.
using file_identity = std::pair<::dev_t, ::ino_t>;

/// Throws bad_input where there is no such file.
inline file_identity identity_of(std::filesystem::path const& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) throw bad_input(path.string(), "there is no such file or folder");
  return {found.st_dev, found.st_ino};
}

namespace detail {

/// Goes through a folder and those below it. Links are followed; what is met a second time, is hidden, or is no text,
/// is told.
class text_folder {
 public:
  explicit text_folder(ignored& passed_over) : passed_over_(passed_over) {}

  void collect(std::filesystem::path const& folder) {
    namespace fs = std::filesystem;
    if (!met_.insert(identity_of(folder)).second) {
      passed_over_.add("folders met a second time", folder.string());
      return;
    }
    std::set<std::string> entries;
    try {
      for (auto const& entry : fs::directory_iterator(folder)) entries.insert(entry.path().native());
    } catch (fs::filesystem_error const& error) {
      throw bad_input(folder.string(), "the folder cannot be read: " + error.code().message());
    }
    bool const is_census = holds_a_census(folder);
    for (std::string const& entry : entries) take(entry, is_census);
  }

  std::set<std::string> files;

 private:
  void take(std::filesystem::path const& entry, bool is_of_census) {
    std::error_code status;
    auto const kind = std::filesystem::status(entry, status).type();
    auto const name = entry.filename().string();
    if (name.starts_with('.'))
      passed_over_.add("hidden files and folders", entry.string());
    else if (kind == std::filesystem::file_type::directory)
      collect(entry);
    else if (is_of_census && std::ranges::find(results, name) != results.end())
      passed_over_.add("results of a census beside texts", entry.string());
    else if (kind != std::filesystem::file_type::regular)
      passed_over_.add("links that lead nowhere, devices and the like", entry.string());
    else if (!is_text(entry))
      passed_over_.add("files that are no text by their ending", entry.string());
    else if (!met_.insert(identity_of(entry)).second)
      passed_over_.add("second names of one file", entry.string());
    else
      files.insert(entry.native());
  }

  static bool is_text(std::filesystem::path const& file) {
    try {
      return kind_of_text_file(file).is_told;
    } catch (bad_input const&) {
      return false;
    }
  }

  /// Whether census take or wake wrote its results into a folder.
  static bool holds_a_census(std::filesystem::path const& folder) {
    std::error_code unknown;
    if (std::filesystem::is_regular_file(folder / "silent_neurons.csv", unknown)) return true;
    if (!std::filesystem::is_regular_file(folder / "run.json", unknown)) return false;
    try {
      auto const run = parse_json(read_file(folder / "run.json"), "run.json");
      return run.is_object() && run.contains("census");
    } catch (bad_input const&) {
      return false;
    }
  }

  static constexpr std::array<std::string_view, 7> results{
      "run.json",  "detectors.jsonl",     "examples.jsonl",      "awakened.jsonl",
      "wake.json", "unfinished-run.json", "unfinished-wake.json"};

  ignored& passed_over_;
  std::set<file_identity> met_;
};

}  // namespace detail

/// All files with a known ending in a folder and the folders below it, sorted by path. Throws bad_input where there is
/// none, or where a folder cannot be read.
inline std::vector<std::filesystem::path> text_files_below(std::filesystem::path const& folder, ignored& passed_over) {
  detail::text_folder found(passed_over);
  found.collect(folder);
  if (found.files.empty())
    throw bad_input(folder.string(), "the folder holds no .txt, .jsonl, .ndjson, .json or .npy file");
  return {found.files.begin(), found.files.end()};
}

}  // namespace census
