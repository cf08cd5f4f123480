// SPDX-License-Identifier: MIT
// Models with something wrong in them, and what is said of it.
#pragma once

#include <census/model/open_model.hpp>

#include "random_model.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <functional>
#include <string>

inline std::string message_of(std::function<void()> const& action) {
  try {
    action();
  } catch (census::bad_input const& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "nothing";
}

// What opening a folder says, the folder's name taken away.
inline std::string complaint(temporary_folder const& folder) {
  auto message = message_of([&] { census::open_model(folder.path()); });
  auto const place = folder.path().string() + "/";
  return message.starts_with(place) ? message.substr(place.size()) : message;
}
inline std::string complaint_about_config(std::string const& config) {
  temporary_folder folder;
  random_model{}.write(folder.path());
  write_bytes(folder.path() / "config.json", config);
  return complaint(folder);
}
inline std::string complaint_about(random_model const& model) { return complaint_about_config(model.config()); }

// Writes a random model whose tensor of that name is spoiled.
inline void write_spoiled(temporary_folder const& folder, std::string const& name,
                          std::function<void(stored_tensor&)> const& spoil) {
  random_model const model;
  model.write(folder.path());
  auto tensors = model.tensors();
  auto const found = std::ranges::find(tensors, "model.decoder." + name, &stored_tensor::name);
  REQUIRE(found != tensors.end());
  spoil(*found);
  if (found->name.empty()) tensors.erase(found);
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes(tensors));
}
inline std::string complaint_about_tensor(std::string const& name, std::function<void(stored_tensor&)> const& spoil) {
  temporary_folder folder;
  write_spoiled(folder, name, spoil);
  return complaint(folder);
}
