// SPDX-License-Identifier: MIT
// What a census gives, byte for byte.
#pragma once

#include <census/archive/store.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

/// The bytes that a value is stored as, by array.
using stored_bytes = std::map<std::string, std::vector<std::byte>>;

template <class T>
stored_bytes bytes_of(T const& value) {
  auto const state = census::store(value);
  stored_bytes bytes;
  for (auto const& [path, array] : state.arrays) bytes[path] = array.bytes();
  return bytes;
}

/// All that a census gives: by layer, and then of all of them.
template <class Run>
std::vector<stored_bytes> results_of(Run&& run) {
  std::vector<stored_bytes> all;
  for (auto&& layer : run) all.push_back(bytes_of(layer));
  all.push_back(bytes_of(run.profiles()));
  return all;
}
