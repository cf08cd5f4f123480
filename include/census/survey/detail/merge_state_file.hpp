// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/state_file.hpp>
#include <census/error.hpp>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace census::detail {

/// Merges the state of a file into one that is there; `fresh` is made alike and has observed nothing. Throws bad_input
/// naming the file where it is spoiled, or holds what was observed before.
template <class State>
void merge_state_file(std::filesystem::path const& path, std::string const& holds, State const& fresh, State& into) {
  State part = fresh;
  read_state(path, holds, part);
  try {
    into.merge(part);
  } catch (std::logic_error const& error) {
    throw bad_input(path.string(), error.what());
  } catch (std::overflow_error const& error) {
    throw bad_input(path.string(), error.what());
  }
}

}  // namespace census::detail
