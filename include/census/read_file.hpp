// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <system_error>

namespace census {

/// The bytes of a regular file. Throws bad_input naming it where it is missing, no regular file, longer than `limit` or
/// than memory holds, or cannot be read.
inline std::string read_file(std::filesystem::path const& path, std::uint64_t limit = std::uint64_t{4} << 30) {
  std::error_code status;
  auto const kind = std::filesystem::status(path, status).type();
  if (kind == std::filesystem::file_type::not_found) throw bad_input(path.string(), "the file is missing");
  if (kind == std::filesystem::file_type::none) throw bad_input(path.string(), "cannot be read: " + status.message());
  if (kind != std::filesystem::file_type::regular) throw bad_input(path.string(), "is no regular file");

  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  errno = 0;
  std::unique_ptr<std::FILE, closer> const file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) throw bad_input(path.string(), std::string("cannot be read: ") + std::strerror(errno));

  auto const too_long = [&](std::string const& than) -> bad_input {
    std::error_code ignored;
    auto const size = std::filesystem::file_size(path, ignored);
    return {path.string(), "is longer than " + than + ": " + std::to_string(size) + " bytes"};
  };
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  try {
    if (std::error_code unknown; std::filesystem::file_size(path, unknown) > limit && !unknown)
      throw too_long("the " + std::to_string(limit) + " bytes that such a file may have");
    while (std::size_t const count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
      bytes.append(buffer.data(), count);
  } catch (std::bad_alloc const&) {
    throw too_long("memory holds");
  }
  if (std::ferror(file.get())) throw bad_input(path.string(), std::string("cannot be read: ") + std::strerror(errno));
  return bytes;
}

}  // namespace census
