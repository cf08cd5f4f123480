// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/survey/rank_port.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace census {

/// What each rank told, by rank, known to all ("allgather"): all call it, each with its own.
inline std::vector<std::string> all_gather(rank_port& port, std::string const& own) {
  auto const bytes = [](std::string const& text) { return std::as_bytes(std::span(text)); };
  auto const received = [&](std::size_t from) {
    auto const message = port.receive(from);
    return std::string(reinterpret_cast<char const*>(message.data()), message.size());
  };
  std::vector<std::string> told;
  if (port.rank() > 0) {
    port.send(0, bytes(own));
    while (told.size() < port.ranks()) told.push_back(received(0));
    return told;
  }
  told.push_back(own);
  while (told.size() < port.ranks()) told.push_back(received(told.size()));
  for (std::size_t to = 1; to < port.ranks(); ++to)
    for (std::string const& one : told) port.send(to, bytes(one));
  return told;
}

/// The least of a number that all ranks have to share, such as rows of a text, so that all cut alike.
inline std::uint64_t least_of_ranks(rank_port& port, std::uint64_t own) {
  std::uint64_t least = own;
  for (std::string const& told : all_gather(port, std::to_string(own)))
    least = std::min<std::uint64_t>(least, std::stoull(told));
  return least;
}

/// The first rank that failed at what all of them did, if any.
inline std::optional<std::size_t> first_failed_rank(rank_port& port, bool failed) {
  auto const told = all_gather(port, failed ? "failed" : "");
  auto const first = std::ranges::find(told, "failed");
  if (first == told.end()) return std::nullopt;
  return static_cast<std::size_t>(first - told.begin());
}

/// Throws bad_input, on every rank that differs from rank 0, with the name of what is another there. All ranks call it;
/// `own` tells by name what has to be the same, as run_identity does.
inline void check_same_on_ranks(rank_port& port, std::vector<std::pair<std::string, std::string>> const& own) {
  std::string text;
  for (auto const& [name, value] : own) text.append(name).append(1, '\0').append(value).append(1, '\0');
  auto const told = all_gather(port, text);
  if (told.front() == text) return;

  std::vector<std::string> first;
  for (std::size_t at = 0; at < told.front().size();) {
    std::size_t const end = told.front().find('\0', at);
    first.push_back(told.front().substr(at, end - at)), at = end + 1;
  }
  std::string const here = "rank " + std::to_string(port.rank());
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (2 * i + 1 >= first.size() || first[2 * i] != own[i].first)
      throw bad_input(here, "has " + own[i].first + ", which rank 0 has not");
    if (first[2 * i + 1] != own[i].second)
      throw bad_input(here,
                      "has another " + own[i].first + " than rank 0: " + own[i].second + ", not " + first[2 * i + 1]);
  }
  throw bad_input(here, "has not what rank 0 has: " + first[2 * own.size()]);
}

}  // namespace census
