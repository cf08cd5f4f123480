// SPDX-License-Identifier: MIT
// replay NAME PATH...: runs the body of that name over files, and over all files of folders. Exit 2 where there is no
// such body or no file.
#include <census/read_file.hpp>

#include <fuzz/support/run_body.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#define CENSUS_BODY(name) void fuzz_##name(std::span<std::byte const>);
#include <fuzz_bodies.inc>
#undef CENSUS_BODY

namespace {

struct named_body {
  std::string_view name;
  census_fuzz::fuzz_body body;
};
constexpr std::array bodies{
#define CENSUS_BODY(name) named_body{#name, fuzz_##name},
#include <fuzz_bodies.inc>
#undef CENSUS_BODY
};

std::vector<std::filesystem::path> files_of(std::filesystem::path const& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (auto const& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  std::string_view const name = count > 1 ? arguments[1] : "";
  auto const* const found = std::ranges::find(bodies, name, &named_body::name);
  if (found == bodies.end()) {
    std::fputs("usage: replay NAME PATH..., where NAME is one of these:", stderr);
    for (auto const& one : bodies) std::fprintf(stderr, " %s", std::string(one.name).c_str());
    std::fputc('\n', stderr);
    return 2;
  }
  std::size_t replayed = 0;
  for (int i = 2; i < count; ++i)
    for (auto const& file : files_of(arguments[i])) {
      std::fprintf(stderr, "%s\n", file.c_str());  // before, for what ends the program says no name
      auto const input = census::read_file(file);
      census_fuzz::run_body(found->body, std::as_bytes(std::span(input)));
      ++replayed;
    }
  std::printf("%zu inputs replayed\n", replayed);
  return replayed > 0 ? 0 : 2;
}
