// SPDX-License-Identifier: MIT
// census take --recording: what census record wrote is replayed instead of running the model.
#include <census/recording/firings_recording.hpp>
#include <census/recording/recorded_model.hpp>

#include "take_run.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace {

using replayed_model = census::recorded_model<census::model>;

void check_settings(take_settings const& asked) {
  if (asked.device != "cpu" || asked.precision != "exact" || asked.device_memory != 0)
    throw census::bad_input("--recording " + asked.recording,
                            "nothing runs on a device: leave out --device and its own");
}

/// The layers asked for; all that were recorded, where none are.
census::layer_range recorded_layers(replayed_model const& replayed, take_settings const& asked) {
  auto const first = replayed.recorded().description().first_layer;
  if (asked.layers == take_settings().layers) return {first, replayed.architecture().layers};
  auto const range = layers_of(replayed.architecture(), census::parse_layers(asked.layers));
  if (range.first < first)
    throw census::bad_input("--layers " + asked.layers, "the first layer of the recording is " + std::to_string(first));
  return range;
}

/// Those of the run that recorded it, and what is asked for here.
std::vector<std::pair<std::string, std::string>> settings_of(replayed_model const& replayed,
                                                             take_settings const& asked) {
  auto settings = replayed.recorded().description().settings;
  for (auto const& own : {std::pair<std::string, std::string>{"model", asked.model},
                          {"layers", asked.layers},
                          {"recording", asked.recording}}) {
    auto const same = std::ranges::find(settings, own.first, &std::pair<std::string, std::string>::first);
    if (same != settings.end())
      same->second = own.second;
    else
      settings.push_back(own);
  }
  return settings;
}

}  // namespace

void take_recording(take_settings const& asked) {
  check_settings(asked);
  auto const threads = limit_threads(asked);
  auto results = hold_results(asked);
  census::stopwatch watch;
  auto const model = census::open_model(asked.model);
  replayed_model const replayed(model, census::firings_recording(asked.recording));
  auto const layers = recorded_layers(replayed, asked);
  auto const options = options_of(asked, layers);
  census::census_folder::claim(*results, shape_of(model, options, asked));
  opened_census<census::recorded_corpus> open{
      std::move(watch),  model, layers, replayed.recorded().corpus(), settings_of(replayed, asked), options,
      std::move(results)};
  tell_of_reading(model, open.corpus, asked);
  take_census_of(replayed, open, asked, [](auto const&) {});
}
