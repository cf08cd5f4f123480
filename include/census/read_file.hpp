// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

namespace census {

/// The bytes of a regular file. Throws bad_input naming it where it is missing, no regular file, or cannot be read.
inline std::string read_file(std::filesystem::path const& path) {
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

  std::string bytes;
  std::array<char, 1 << 16> buffer;
  while (std::size_t const count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
    bytes.append(buffer.data(), count);
  if (std::ferror(file.get())) throw bad_input(path.string(), std::string("cannot be read: ") + std::strerror(errno));
  return bytes;
}

}  // namespace census
