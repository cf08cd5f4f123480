// SPDX-License-Identifier: MIT
// A small random model, opened.
#pragma once

#include <census/model/open_model.hpp>

#include "random_model.hpp"

inline census::model small_model(random_model const& shape = {}) {
  temporary_folder folder;
  shape.write(folder.path());
  return census::open_model(folder.path());  // the files stay mapped
}
