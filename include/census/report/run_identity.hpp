// SPDX-License-Identifier: MIT
#pragma once

#include <census/content_hash.hpp>
#include <census/report/run_json.hpp>
#include <census/version.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// What two runs have to have in common to give the same bytes, by name: program, libraries, devices, the bytes of
/// model and texts, and all settings but those that change nothing, where the model lies, memory and threads.
inline std::vector<std::pair<std::string, std::string>> run_identity(run_record const& run) {
  constexpr std::array<std::string_view, 3> changes_nothing{"model", "memory", "threads"};
  std::vector<std::pair<std::string, std::string>> told{
      {"version of census", std::string(version) + ", " + __VERSION__}, {"library of products", run.blas}};
  auto const tell = [&](std::string name, std::uint64_t hash) {
    told.emplace_back(std::move(name), "bytes of hash " + hash_digits(hash));
  };
  for (auto const& device : run.devices)
    for (auto const& [name, value] : device) told.emplace_back("device's " + name, value);
  for (auto const& file : run.model) tell("model: " + std::filesystem::path(file.path).filename().string(), file.hash);
  for (std::size_t i = 0; i < run.texts.size(); ++i)
    tell("text " + std::to_string(i + 1) + " of " + std::to_string(run.texts.size()) + ": " + run.texts[i].domain,
         run.texts[i].hash);
  for (auto const& text : run.texts)
    if (text.documents)
      for (auto const& part : text.documents->parts.names()) told.emplace_back("part of the documents", part);
  for (auto const& setting : run.settings)
    if (std::ranges::find(changes_nothing, setting.first) == changes_nothing.end()) told.push_back(setting);
  return told;
}

}  // namespace census
