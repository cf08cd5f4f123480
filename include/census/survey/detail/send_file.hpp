// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/survey/rank_port.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <span>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace census::detail {

/// A file as messages: its size, then its bytes. Throws bad_input naming it where it cannot be read to its end.
inline void send_file(rank_port& port, std::size_t to, std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  std::uint64_t left = std::filesystem::file_size(path, error);
  if (!file || error) throw bad_input(path.string(), "cannot be read");
  port.send(to, std::as_bytes(std::span(&left, 1)));

  std::vector<char> piece(static_cast<std::size_t>(std::min<std::uint64_t>(left, 8 << 20)));
  while (left > 0) {
    auto const some = std::span(piece).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size())));
    if (!file.read(some.data(), static_cast<std::streamsize>(some.size())))
      throw bad_input(path.string(), "cannot be read to its end");
    port.send(to, std::as_bytes(some));
    left -= some.size();
  }
}

/// The other end: the file appears whole or not at all. Throws bad_input naming it where it cannot be written.
inline void receive_file(rank_port& port, std::size_t from, std::filesystem::path const& path) {
  auto const told = port.receive(from);
  std::uint64_t left = 0;
  if (told.size() != sizeof left) throw std::logic_error("census: a rank sent something else than the size of a file");
  std::memcpy(&left, told.data(), sizeof left);

  whole_file file(path);
  while (left > 0) {
    auto const piece = port.receive(from);
    if (piece.empty() || piece.size() > left) throw std::logic_error("census: a rank sent more than was announced");
    file.stream().write(reinterpret_cast<char const*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    file.check();
    left -= piece.size();
  }
  file.commit();
}

}  // namespace census::detail
