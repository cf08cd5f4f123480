// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/recording/firings_recording.hpp>
#include <census/recording/recording_description.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>

namespace census::detail {

/// Throws bad_input, naming the recording and what differs, where it is not of this model: where a file of the model
/// is another one, is missing or came to it, its layers have another shape, or its text has tokens that the model has
/// not. A model's files are known by their names and hashes, wherever they lie now.
template <class Model>
void check_recorded_model(Model const& model, firings_recording const& recorded) {
  recording_description const& about = recorded.description();
  auto const refuse = [&](std::string const& cause) {
    throw bad_input(recorded.folder().string(), "is of another model: " + cause);
  };
  if (about.model.empty())
    throw bad_input(recorded.folder().string(), "does not tell which model it is of, so nothing else is known of it");
  auto const name_of_file = [](auto const& file) { return std::filesystem::path(file.path).filename().string(); };
  auto const origin = origin_of(model);
  for (recorded_file const& file : about.model) {
    auto const found = std::ranges::find(origin.files, name_of_file(file), name_of_file);
    if (found == origin.files.end()) refuse(name_of_file(file) + ", which it was recorded with, is not there");
    if (found->bytes != file.bytes || found->hash != file.hash) refuse(found->path + " has another hash");
  }
  for (auto const& file : origin.files)
    if (std::ranges::find(about.model, name_of_file(file), name_of_file) == about.model.end())
      refuse(file.path + " was not there when it was recorded");
  auto const& shape = model.architecture();
  if (shape.ffn_size != about.neurons || shape.layers < about.first_layer + about.layers)
    refuse("its layers are not so many, or have other neurons");
  recorded.corpus().check_tokens_below(tokens_named(model));
}

}  // namespace census::detail
