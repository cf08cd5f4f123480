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
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

namespace detail {

/// What is told of a device, less what changes no result.
inline std::vector<std::pair<std::string, std::string>>
identity_of_device(std::vector<std::pair<std::string, std::string>> device) {
  constexpr std::array<std::string_view, 3> changes_nothing{"number", "memory", "memory_used_at_most"};
  std::erase_if(device, [&](auto const& figure) {
    return std::ranges::find(changes_nothing, figure.first) != changes_nothing.end();
  });
  return device;
}

/// What results depend on of the devices that a run ran on, by name: of all of them at once where they are of one kind,
/// for then their number changes nothing; else of each in its turn, for texts are dealt to them in that order.
inline std::vector<std::pair<std::string, std::string>>
identity_of_devices(std::vector<std::vector<std::pair<std::string, std::string>>> devices) {
  for (auto& device : devices) device = identity_of_device(std::move(device));
  bool const all_alike = std::ranges::adjacent_find(devices, std::ranges::not_equal_to()) == devices.end();
  std::vector<std::pair<std::string, std::string>> told;
  for (std::size_t i = 0; i < (all_alike ? std::min<std::size_t>(devices.size(), 1) : devices.size()); ++i)
    for (auto const& [name, value] : devices[i])
      told.emplace_back((all_alike ? "device's " : "device " + std::to_string(i + 1) + "'s ") + name, value);
  return told;
}

}  // namespace detail

/// What two runs have to have in common to give the same bytes, by name: program, libraries, kinds of devices, the
/// bytes of model and texts, as what texts were read, and all settings but those that change nothing, where the model
/// lies, memory and threads. Settings come before the texts that follow from them. No two have the same name, but for
/// parts of the documents.
inline std::vector<std::pair<std::string, std::string>> run_identity(run_record const& run) {
  constexpr std::array<std::string_view, 3> changes_nothing{"model", "memory", "threads"};
  std::vector<std::pair<std::string, std::string>> told{
      {"version of census", std::string(version) + ", " + __VERSION__}, {"library of products", run.blas}};
  auto const tell = [&](std::string name, std::uint64_t hash) {
    told.emplace_back(std::move(name), "bytes of hash " + hash_digits(hash));
  };
  for (auto& figure : detail::identity_of_devices(run.devices)) told.push_back(std::move(figure));
  for (auto const& file : run.model) tell("model: " + std::filesystem::path(file.path).filename().string(), file.hash);
  for (auto const& setting : run.settings)
    if (std::ranges::find(changes_nothing, setting.first) == changes_nothing.end()) told.push_back(setting);
  for (std::size_t i = 0; i < run.texts.size(); ++i) {
    auto const& text = run.texts[i];
    std::string const name =
        "text " + std::to_string(i + 1) + " of " + std::to_string(run.texts.size()) + ": " + text.domain;
    tell(name, text.hash);
    if (!text.format.empty()) told.emplace_back("format of " + name, text.format);
  }
  for (auto const& text : run.texts)
    if (text.documents)
      for (auto const& part : text.documents->parts.names()) told.emplace_back("part of the documents", part);
  return told;
}

}  // namespace census
